// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title OneFlagForAll
/// @notice BROKEN ON PURPOSE. Keeps one joined flag per address instead of one per session: who
/// joins one call has joined all of its calls.
/// @dev Imitates: state that belongs to an agreement but is keyed by user, or not keyed at all.
/// Caught by INV-ISOLATION: joining one session changes another session of the same party.
contract OneFlagForAll is SessionEscrowAsDescribed {
    mapping(address party => bool) private _joined;

    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function session(bytes32 id) external view override returns (Session memory copy) {
        copy = _sessions[id];
        copy.studentJoined = _joined[copy.student];
        copy.tutorJoined = _joined[copy.tutor];
    }

    function _recordJoin(Session storage s, bool isStudent) internal override {
        super._recordJoin(s, isStudent);
        _joined[msg.sender] = true;
    }

    function _mayStart(Session storage s) internal view override returns (bool) {
        return _joined[s.student] && _joined[s.tutor];
    }
}
