// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title RejoinOverwrites
/// @notice BROKEN ON PURPOSE. Each interval replaces what was attended before.
/// @dev Imitates: webhook handlers that keep one row per participant, and overwrite it at a
/// reconnect. Caught by INV-UNION with two records.
contract RejoinOverwrites is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _record(Hold storage h, uint64 joinedAt, uint64 leftAt) internal override {
        super._record(h, joinedAt, leftAt);
        h.attendedSeconds = leftAt - joinedAt;
    }
}
