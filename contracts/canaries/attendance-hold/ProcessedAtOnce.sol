// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title ProcessedAtOnce
/// @notice BROKEN ON PURPOSE. The keeper can process as soon as the session is finished, while late
/// records still count.
/// @dev Imitates: jobs that act on what has arrived by the time they run. Caught by INV-WINDOW with
/// a `process` right after the finish.
contract ProcessedAtOnce is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _requireProcessable(Hold storage) internal view override {}
}
