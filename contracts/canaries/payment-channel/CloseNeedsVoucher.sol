// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title CloseNeedsVoucher
/// @notice BROKEN ON PURPOSE. A provider that has no voucher to bring cannot close.
/// @dev Imitates: ends that can only be reached through a payment. Caught by INV-EXIT with a
/// provider that leaves a channel in which nothing was served.
contract CloseNeedsVoucher is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _closingAmount(
        Channel storage c,
        uint128 cumulative
    ) internal view override returns (uint128) {
        if (cumulative == 0) revert StaleVoucher(cumulative, c.paid);
        return super._closingAmount(c, cumulative);
    }
}
