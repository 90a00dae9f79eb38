// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title WaitingRoomCounts
/// @notice BROKEN ON PURPOSE. Time before the start of the session counts as attended.
/// @dev Imitates: time in the waiting room billed as time in the lesson. Caught by
/// INV-WITHIN-SESSION with a record that begins before the start.
contract WaitingRoomCounts is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _earliestJoin(Hold storage h) internal view override returns (uint256) {
        return h.lastLeftAt;
    }
}
