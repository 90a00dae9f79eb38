// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title NoShowByKeeperOnly
/// @notice BROKEN ON PURPOSE. Only the keeper can refund a hold whose session nobody has finished.
/// @dev Imitates: refunds that depend on a server which is switched off one day. Caught by
/// INV-NO-SHOW with a refund by the student that is due.
contract NoShowByKeeperOnly is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _requireNoShow(Hold storage h) internal view override {
        _requireKeeper();
        super._requireNoShow(h);
    }
}
