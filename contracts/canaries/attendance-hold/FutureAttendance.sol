// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title FutureAttendance
/// @notice BROKEN ON PURPOSE. A record may end in the future, as if the student had stayed already.
/// @dev Imitates: timestamps of a producer that are never held against the clock of the consumer.
/// Caught by INV-WITHIN-SESSION with a record that ends after its block.
contract FutureAttendance is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _requireSoundInterval(
        Hold storage h,
        uint64 joinedAt,
        uint64 leftAt
    ) internal view override {
        if (joinedAt < _earliestJoin(h) || leftAt <= joinedAt) {
            revert InvalidInterval(joinedAt, leftAt);
        }
    }
}
