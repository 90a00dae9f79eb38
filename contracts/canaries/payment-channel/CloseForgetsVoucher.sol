// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title CloseForgetsVoucher
/// @notice BROKEN ON PURPOSE. Checks the voucher that comes with a close, and does not pay it.
/// @dev Imitates: values that are validated with care and never used. Caught by INV-PAID-ONCE with
/// a close that brings a voucher.
contract CloseForgetsVoucher is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _closingAmount(Channel storage, uint128) internal pure override returns (uint128) {
        return 0;
    }
}
