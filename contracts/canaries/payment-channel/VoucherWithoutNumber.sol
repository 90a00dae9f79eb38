// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title VoucherWithoutNumber
/// @notice BROKEN ON PURPOSE. A voucher is good for a larger number than the one that was signed.
/// @dev Imitates: parameters that travel beside a signature and are not part of what it covers. The
/// clients sign the full message, so the hole is rebuilt one unit wide. Caught by INV-BINDING with
/// an altered voucher.
contract VoucherWithoutNumber is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _isVoucher(
        bytes32 id,
        Channel storage c,
        uint128 cumulative,
        bytes calldata voucher
    ) internal view override returns (bool) {
        return super._isVoucher(id, c, cumulative, voucher) ||
            (cumulative > 0 && super._isVoucher(id, c, cumulative - 1, voucher));
    }
}
