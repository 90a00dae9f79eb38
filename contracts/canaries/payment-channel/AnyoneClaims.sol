// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title AnyoneClaims
/// @notice BROKEN ON PURPOSE. Whoever asks first gets the deferred shares, at an address of his
/// choice.
/// @dev Imitates: withdrawals that check the amount owed but not to whom. Caught by
/// INV-STRANGER-HARMLESS with a token that refuses a recipient.
contract AnyoneClaims is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _takeClaim(Channel storage c) internal override returns (uint256 amount) {
        amount = uint256(c.claimPayer) + c.claimProvider;
        c.claimPayer = 0;
        c.claimProvider = 0;
    }
}
