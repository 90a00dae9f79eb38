// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title ReentrantCompletion
/// @notice BROKEN ON PURPOSE. Pays first, marks as completed afterwards, and has no guard: a token
/// with a hook can have the session completed again from inside its own transfer.
/// @dev Imitates: the oldest of all, state changed after the external call. The inner completion
/// pays a second time, and what is left does not cover the shares that stay on the books. Caught by
/// INV-SOLVENCY, with the re-entrant token armed with `autoComplete(id)`.
contract ReentrantCompletion is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function autoComplete(bytes32 id) external override {
        Session storage s = _sessions[id];
        _requireRunning(s);
        uint256 from = _autoCompleteFrom(s);
        if (block.timestamp < from) revert AutoReleasePending(from);
        (uint256 gross, uint256 refund) = _finalShares(s);
        uint256 fee = _feeOf(s.released + gross) - s.feePaid;
        emit Completed(id, msg.sender, 0, gross - fee, fee, refund);
        _pushMentor(id, s, gross - fee);
        _pushPlatform(id, s, fee);
        _pushStudent(id, s, refund);
        s.status = Status.Completed;
        s.released += gross;
        s.feePaid += fee;
    }
}
