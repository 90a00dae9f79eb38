// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title LengthFixed
/// @notice BROKEN ON PURPOSE. A session counts as one of the scheduled length, however long it was.
/// @dev Imitates: a constant of 60 minutes, from the first version with one product. Caught by
/// INV-LENGTH with an end at any other second.
contract LengthFixed is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _lengthOf(Hold storage, uint64) internal view override returns (uint64) {
        return sessionSeconds;
    }
}
