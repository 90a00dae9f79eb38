// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title DepositIgnored
/// @notice BROKEN ON PURPOSE. Pays a voucher in full, whatever was deposited.
/// @dev Imitates: channels that check the signature and not the cover, and spend the deposits of
/// others. Caught by INV-CAP with a voucher over more than the deposit.
contract DepositIgnored is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _increaseOf(
        Channel storage c,
        uint128 cumulative
    ) internal view override returns (uint128) {
        return uint128(Math.saturatingSub(cumulative, c.paid));
    }
}
