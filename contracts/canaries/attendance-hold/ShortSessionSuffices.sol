// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title ShortSessionSuffices
/// @notice BROKEN ON PURPOSE. Attendance is judged against the real length alone, so a teacher who
/// closes the room after a minute, with the student in it, is paid for the whole lesson.
/// @dev Imitates: quotients whose denominator one of the parties chooses. Caught by INV-THRESHOLD
/// with a short record and an end right after it.
contract ShortSessionSuffices is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _judgedSeconds(Hold storage h) internal view override returns (uint256) {
        return h.lengthSeconds;
    }
}
