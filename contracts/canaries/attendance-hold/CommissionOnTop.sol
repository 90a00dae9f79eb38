// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title CommissionOnTop
/// @notice BROKEN ON PURPOSE. The teacher gets the whole price, and the referrer a commission on
/// top of it.
/// @dev Imitates: fees that are added for one side and subtracted for nobody. Caught by INV-CAP:
/// more is paid or owed than was deposited, with a referrer and a release.
contract CommissionOnTop is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _payTeacher(bytes32 id, Hold storage h, uint256) internal override {
        super._payTeacher(id, h, h.price);
    }
}
