// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title SignsOfAnySession
/// @notice BROKEN ON PURPOSE. Keeps the newest sign of a party once for all of its sessions.
/// @dev Imitates: state that belongs to an agreement but is keyed by user: a mentor with two
/// students is alive in both calls when heard in one. Caught by INV-ISOLATION: a sign in one
/// session changes the other.
contract SignsOfAnySession is ProgressiveEscrowHardened {
    mapping(address party => uint64) private _seen;

    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function session(bytes32 id) external view override returns (Session memory copy) {
        copy = _sessions[id];
        copy.studentSeenAt = _seen[copy.student];
        copy.mentorSeenAt = _seen[copy.mentor];
    }

    function _markSeen(Session storage) internal override {
        _seen[msg.sender] = uint64(block.timestamp);
    }

    function _otherSeenAt(Session storage s) internal view override returns (uint64) {
        return _seen[msg.sender == s.student ? s.mentor : s.student];
    }

    function _seenAt(Session storage s) internal view override returns (uint256) {
        return Math.min(_seen[s.student], _seen[s.mentor]);
    }
}
