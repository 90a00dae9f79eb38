// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title HeartbeatUnguarded
/// @notice BROKEN ON PURPOSE. A sign of life pays nobody, so nobody guarded it.
/// @dev Imitates: a guard on the functions that move tokens and on no other, so that a hook can
/// change what the rest of a payout reads. Caught by INV-REENTRY with 1 action: a session created
/// over the re-entrant token.
contract HeartbeatUnguarded is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function heartbeat(bytes32 id) external override {
        Session storage s = _requireActiveFor(id);
        _requireHeartbeatInTime(s);
        _markSeen(s);
        emit HeartbeatReceived(id, msg.sender);
    }
}
