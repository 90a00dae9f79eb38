// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title ProcessByKeeperOnly
/// @notice BROKEN ON PURPOSE. Nobody but the keeper ever processes a finished session.
/// @dev Imitates: payouts that wait for a job which has stopped running. Caught by INV-EXIT:
/// neither party gets out alone.
contract ProcessByKeeperOnly is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _requireProcessor(Hold storage) internal view override {
        _requireKeeper();
    }
}
