// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title UncoveredVoucherRefused
/// @notice BROKEN ON PURPOSE. Refuses a voucher over more than the deposit instead of paying what
/// there is.
/// @dev Imitates: all-or-nothing checks that let a payer void its debt by signing one unit too
/// much. Caught by INV-REDEEM-TOTAL with such a voucher.
contract UncoveredVoucherRefused is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _increaseOf(
        Channel storage c,
        uint128 cumulative
    ) internal view override returns (uint128) {
        return cumulative > c.deposit ? 0 : super._increaseOf(c, cumulative);
    }
}
