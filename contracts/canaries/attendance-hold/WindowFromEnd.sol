// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title WindowFromEnd
/// @notice BROKEN ON PURPOSE. The time for late records runs from the end of the session, not from
/// when that was reported, so that it can be over before it begins.
/// @dev Imitates: deadlines counted from a time that one of the parties states. Caught by
/// INV-WINDOW with a finish that is reported late, and a record right after it.
contract WindowFromEnd is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _recordsUntil(Hold storage h) internal view override returns (uint256) {
        return _endOf(h) + attestationWindowSeconds;
    }
}
