// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title VoucherUnchecked
/// @notice BROKEN ON PURPOSE. Takes any bytes for a signature of the payer.
/// @dev Imitates: signature checks whose result is not looked at. Caught by INV-BINDING with any
/// voucher that is not genuine.
contract VoucherUnchecked is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _isVoucher(
        bytes32,
        Channel storage,
        uint128,
        bytes calldata
    ) internal pure override returns (bool) {
        return true;
    }
}
