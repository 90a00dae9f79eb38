// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title NoShowFromStart
/// @notice BROKEN ON PURPOSE. The time until an unfinished hold can be refunded runs from the start
/// of the session, so that the student can take the price back from inside the lesson.
/// @dev Imitates: timeouts that forget how long the thing itself takes. Caught by INV-NO-SHOW with
/// a refund before the scheduled end.
contract NoShowFromStart is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _requireNoShow(Hold storage h) internal view override {
        uint256 until = uint256(h.startsAt) + noShowSeconds;
        if (block.timestamp < until) revert TooEarly(until);
    }
}
