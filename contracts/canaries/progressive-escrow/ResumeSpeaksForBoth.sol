// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title ResumeSpeaksForBoth
/// @notice BROKEN ON PURPOSE. One party alone resumes, and its word counts as a sign of the other.
/// @dev Imitates: a session that restarts as soon as anybody reconnects; the mentor pumps time out
/// of a student who is gone. Caught by INV-MONEY-FOLLOWS-TIME.
contract ResumeSpeaksForBoth is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _mayResume(Session storage s) internal view override returns (bool) {
        return s.status == Status.Paused;
    }

    function _markSeen(Session storage s) internal override {
        super._markSeen(s);
        if (s.status != Status.Paused) return;
        s.studentSeenAt = uint64(block.timestamp);
        s.mentorSeenAt = uint64(block.timestamp);
    }
}
