// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title RecordsAfterWindow
/// @notice BROKEN ON PURPOSE. Records count until somebody has processed the hold, however late
/// they are.
/// @dev Imitates: deadlines that bind one side and not the other. Caught by INV-WINDOW with a
/// record after the window.
contract RecordsAfterWindow is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _requireRecordable(Hold storage) internal view override {}
}
