// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title VoucherOfAnyChannel
/// @notice BROKEN ON PURPOSE. A voucher counts in every channel of its payer, not only in the one
/// that it was signed for.
/// @dev Imitates: signatures that do not bind the agreement, replayed in another one. The clients
/// sign the full message, so the missing binding is rebuilt by trying all channels that the
/// contract knows. Caught by INV-BINDING with a voucher of another channel.
contract VoucherOfAnyChannel is PaymentChannelHardened {
    bytes32[] private _known;

    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function open(Terms calldata terms, uint128 amount) public override returns (bytes32 id) {
        id = super.open(terms, amount);
        _known.push(id);
    }

    function _isVoucher(
        bytes32,
        Channel storage c,
        uint128 cumulative,
        bytes calldata voucher
    ) internal view override returns (bool) {
        for (uint256 i = 0; i < _known.length; i++) {
            if (super._isVoucher(_known[i], c, cumulative, voucher)) return true;
        }
        return false;
    }
}
