// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title OneHeartbeatForBoth
/// @notice BROKEN ON PURPOSE. A sign of either party counts as a sign of both.
/// @dev Imitates: one `lastHeartbeat` per session, which a mentor alone keeps fresh for a student
/// who has left. Caught by INV-NO-GHOST with a release that only the mentor lived to see.
contract OneHeartbeatForBoth is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _markSeen(Session storage s) internal override {
        super._markSeen(s);
        if (s.status != Status.Active) return;
        s.studentSeenAt = uint64(block.timestamp);
        s.mentorSeenAt = uint64(block.timestamp);
    }
}
