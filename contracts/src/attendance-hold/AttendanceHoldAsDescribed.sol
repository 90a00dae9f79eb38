// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldBase} from "./AttendanceHoldBase.sol";

/// @title AttendanceHoldAsDescribed
/// @notice The attendance hold as its description has it: the attestor passes on the events of the
/// call platform one by one, and the keeper releases or refunds as it has computed off chain.
/// @dev What is left to trust. An event is taken at its word: a second join forgets the first, a
/// leave that got lost counts as nothing, and neither is checked against the clock. The length is
/// the scheduled one, however long the session was. The keeper decides alone, at once, perhaps from
/// events that have changed since; without it nobody is ever paid. And the commission that is to
/// reach the referrer stays with the platform.
contract AttendanceHoldAsDescribed is AttendanceHoldBase {
    /// @notice What happened in the call.
    /// @custom:value0 Joined The student came in.
    /// @custom:value1 Left The student went out.
    enum Kind {
        Joined,
        Left
    }

    /// @notice An event of the call platform was recorded: at `at` (seconds) by its word. The time
    /// attended is `attendedSeconds` by now.
    event AttendanceRecorded(bytes32 indexed holdId, Kind kind, uint64 at, uint64 attendedSeconds);

    /// @notice Thrown when somebody else than the attestor records attendance.
    error NotAttestor(address caller, address attestor);
    /// @notice Thrown when somebody else than teacher and attestor finishes a session.
    error NotParty(address caller);

    constructor(Config memory config) AttendanceHoldBase(config) {}

    /// @notice Records that the student joined or left at `at` (seconds). Only the attestor, as
    /// long as the price is held.
    function recordAttendance(bytes32 id, Kind kind, uint64 at) external virtual nonReentrant {
        Hold storage h = _holds[id];
        _requireHeld(h);
        _requireAttestor();
        if (kind == Kind.Joined) _join(h, at);
        else _leave(h, at);
        h.intervals += 1;
        emit AttendanceRecorded(id, kind, at, h.attendedSeconds);
    }

    /// @notice Says that the session is over. The teacher or the attestor, at any time.
    function finishSession(bytes32 id) external virtual nonReentrant {
        Hold storage h = _holds[id];
        _requireHeld(h);
        _requireUnfinished(h);
        _requireParty(h);
        _finish(id, h, uint64(block.timestamp), sessionSeconds);
    }

    /// @notice Resolves a finished session: releases the price, or refunds it. Only the keeper.
    /// @param release What the keeper has decided.
    function process(bytes32 id, bool release) external virtual nonReentrant {
        Hold storage h = _holds[id];
        _requireHeld(h);
        _requireFinished(h);
        _requireKeeper();
        if (release) _release(id, h);
        else _refund(id, h);
    }

    function _requireAttestor() internal view virtual {
        if (msg.sender != attestor) revert NotAttestor(msg.sender, attestor);
    }

    function _requireParty(Hold storage h) internal view virtual {
        if (msg.sender != h.teacher && msg.sender != attestor) revert NotParty(msg.sender);
    }

    /// @dev The keeper alone, at any time.
    function _requireNoShow(Hold storage) internal view virtual override {
        _requireKeeper();
    }

    function _join(Hold storage h, uint64 at) internal virtual {
        h.joinedAt = at;
        h.attendance = _attendanceAt(h, at);
    }

    /// @dev A leave without a join says nothing about the time attended, and one before its join
    /// that there was none.
    function _leave(Hold storage h, uint64 at) internal virtual {
        h.lastLeftAt = at;
        if (h.joinedAt > 0) h.attendedSeconds = at > h.joinedAt ? at - h.joinedAt : 0;
    }

    function _commissionOwner(Hold storage) internal view virtual override returns (address) {
        return platform;
    }

    function _payCommission(bytes32 id, Hold storage h, uint256 amount) internal virtual override {
        uint128 deferred = _pushOrDefer(id, h, platform, amount);
        if (deferred > 0) h.claimPlatform += deferred;
    }
}
