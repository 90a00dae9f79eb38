// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title FailedPushCountedTwice
/// @notice BROKEN ON PURPOSE. A share that could not be pushed is credited to its owner and left in
/// the pot as well.
/// @dev Imitates: retries that do not know of each other; what is owed grows with each failure.
/// Caught by INV-RISK-FALLS with a token that refuses the mentor.
contract FailedPushCountedTwice is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _pushMentor(bytes32 id, Session storage s, uint256 amount) internal override {
        uint256 deferred = _pushOrDefer(id, s, s.mentor, amount);
        s.claimMentor += deferred;
        s.released -= deferred;
    }
}
