// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title VoucherOfEitherParty
/// @notice BROKEN ON PURPOSE. The provider can sign vouchers as well as the payer.
/// @dev Imitates: checks that a signature is from "a party" where only one of them may sign. Caught
/// by INV-BINDING with a voucher that the provider has signed.
contract VoucherOfEitherParty is PaymentChannelHardened {
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
        address signer = _signerOf(id, cumulative, voucher);
        return signer == c.payer || signer == c.provider;
    }
}
