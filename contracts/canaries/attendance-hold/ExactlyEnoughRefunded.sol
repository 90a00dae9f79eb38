// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title ExactlyEnoughRefunded
/// @notice BROKEN ON PURPOSE. A student who attended exactly the part that is asked for is
/// refunded.
/// @dev Imitates: a bound on the wrong side: more than where at least was promised. Caught by
/// INV-THRESHOLD with an attendance of exactly the threshold.
contract ExactlyEnoughRefunded is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _isAttended(Hold storage h) internal view override returns (bool) {
        return uint256(h.attendedSeconds) * BPS > _judgedSeconds(h) * thresholdBps;
    }
}
