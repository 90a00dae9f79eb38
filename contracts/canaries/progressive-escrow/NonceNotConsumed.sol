// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title NonceNotConsumed
/// @notice BROKEN ON PURPOSE. Looks a nonce up and never marks it as used.
/// @dev Imitates: replay protection that checks a flag which nothing sets. Caught by INV-SINGLE-USE
/// with two sessions of one student that share a nonce.
contract NonceNotConsumed is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _useNonce(Terms calldata terms) internal view override {
        if (nonceUsed[terms.student][terms.nonce]) revert NonceUsed(terms.student, terms.nonce);
    }
}
