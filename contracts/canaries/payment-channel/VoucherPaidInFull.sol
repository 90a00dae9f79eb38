// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title VoucherPaidInFull
/// @notice BROKEN ON PURPOSE. Each voucher pays its whole number instead of what it adds, as far as
/// the deposit goes.
/// @dev Imitates: cumulative promises that are read as single payments, so that a replay pays
/// again. Caught by INV-PAID-ONCE with the same voucher twice.
contract VoucherPaidInFull is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _increaseOf(
        Channel storage c,
        uint128 cumulative
    ) internal view override returns (uint128) {
        return uint128(Math.min(cumulative, c.deposit - c.paid));
    }
}
