// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title ClaimTakenTwice
/// @notice BROKEN ON PURPOSE. A deferred share stays on the books when it is claimed, and can be
/// claimed again.
/// @dev Imitates: withdrawals that read a balance and do not clear it. Caught by INV-SOLVENCY: what
/// was paid is still owed, with a token that refuses an owner, and its claim to another address.
contract ClaimTakenTwice is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _takeClaims(Hold storage h) internal view override returns (uint256 amount) {
        if (msg.sender == h.student) amount += h.claimStudent;
        if (msg.sender == h.teacher) amount += h.claimTeacher;
        if (msg.sender == h.referrer) amount += h.claimReferrer;
    }
}
