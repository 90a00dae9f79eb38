// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title LengthUntilReported
/// @notice BROKEN ON PURPOSE. A session lasts until its end is reported, and not until it was over.
/// @dev Imitates: the time of processing taken for the time of the event. Caught by INV-LENGTH with
/// a finish that comes later than the end.
contract LengthUntilReported is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _lengthOf(Hold storage h, uint64) internal view override returns (uint64) {
        return uint64(block.timestamp) - h.startsAt;
    }
}
