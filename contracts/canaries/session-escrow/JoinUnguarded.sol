// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowHardened} from "../../src/session-escrow/SessionEscrowHardened.sol";

/// @title JoinUnguarded
/// @notice BROKEN ON PURPOSE. Joining pays nobody, so nobody guarded it.
/// @dev Imitates: a guard on the functions that move tokens and on no other, so that a hook gets in
/// through one that seems harmless, between two lines of a deposit. Caught by INV-REENTRY with 1
/// action: a deposit of the re-entrant token.
contract JoinUnguarded is SessionEscrowHardened {
    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_
    ) SessionEscrowHardened(deployment, evidenceWindowSeconds_) {}

    function join(bytes32 id) external override {
        Session storage s = _sessions[id];
        if (s.status != Status.Funded) revert NotFunded(s.status);
        bool isStudent = msg.sender == s.student;
        if (!isStudent && msg.sender != s.tutor) revert NotParty(msg.sender);
        uint256 until = _startWindowEnd(s);
        if (block.timestamp > until) revert StartWindowOver(until);
        if (isStudent ? s.studentJoined : s.tutorJoined) revert AlreadyJoined(msg.sender);

        _recordJoin(s, isStudent);
        emit Joined(id, msg.sender);
        if (!_mayStart(s)) return;
        s.status = Status.Active;
        s.startedAt = uint64(block.timestamp);
        emit Started(id, s.startedAt);
    }
}
