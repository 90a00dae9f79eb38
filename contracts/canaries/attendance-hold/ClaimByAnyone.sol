// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title ClaimByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can have a student's deferred refund paid out, to wherever he
/// says.
/// @dev Imitates: a withdrawal whose recipient was the caller once, and kept no check of the caller
/// when it got a parameter. Caught by INV-STRANGER-HARMLESS with a token that refuses the student,
/// a refund, and a claim by a stranger.
contract ClaimByAnyone is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _takeClaims(Hold storage h) internal override returns (uint256 amount) {
        amount = super._takeClaims(h);
        if (amount > 0) return amount;
        amount = h.claimStudent;
        h.claimStudent = 0;
    }
}
