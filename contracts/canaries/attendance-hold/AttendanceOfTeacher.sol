// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title AttendanceOfTeacher
/// @notice BROKEN ON PURPOSE. The time attended is kept per teacher, so that one student's presence
/// counts in the lessons of the others.
/// @dev Imitates: state that belongs to an agreement but is keyed by user. Caught by INV-ISOLATION:
/// a record of one hold moves another of the same teacher.
contract AttendanceOfTeacher is AttendanceHoldHardened {
    mapping(address teacher => uint64) private _attendedOf;

    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function hold(bytes32 id) external view override returns (Hold memory copy) {
        copy = _holds[id];
        if (copy.status != Status.None) copy.attendedSeconds = _attendedOf[copy.teacher];
    }

    function _record(Hold storage h, uint64 joinedAt, uint64 leftAt) internal override {
        super._record(h, joinedAt, leftAt);
        _attendedOf[h.teacher] += leftAt - joinedAt;
        h.attendedSeconds = _attendedOf[h.teacher];
    }
}
