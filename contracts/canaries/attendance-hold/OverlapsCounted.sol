// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title OverlapsCounted
/// @notice BROKEN ON PURPOSE. An interval may begin before the last one ended, and what they share
/// counts twice.
/// @dev Imitates: attendance added up per device, where a student with two of them was there for
/// 120 %. Caught by INV-UNION with two records that overlap.
contract OverlapsCounted is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _earliestJoin(Hold storage h) internal view override returns (uint256) {
        return h.startsAt;
    }
}
