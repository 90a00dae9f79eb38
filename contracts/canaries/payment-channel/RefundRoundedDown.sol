// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title RefundRoundedDown
/// @notice BROKEN ON PURPOSE. Rounds the refund down to whole cents; the rest stays behind.
/// @dev Imitates: amounts that pass through a representation with fewer decimals. Caught by
/// INV-DUST with a deposit that is not a whole number of cents.
contract RefundRoundedDown is PaymentChannelHardened {
    uint128 private constant CENT = 10_000;

    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _refundOf(Channel storage c) internal view override returns (uint128) {
        uint128 refund = super._refundOf(c);
        return refund - (refund % CENT);
    }
}
