// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title ProcessedTwice
/// @notice BROKEN ON PURPOSE. A refunded hold passes for one that is held, and can be processed
/// again.
/// @dev Imitates: several workers on one job, none of which marks what it has taken. Caught by
/// INV-SETTLE-ONCE with a finish and two times `process`.
contract ProcessedTwice is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _requireHeld(Hold storage h) internal view override {
        if (h.status != Status.Refunded) super._requireHeld(h);
    }
}
