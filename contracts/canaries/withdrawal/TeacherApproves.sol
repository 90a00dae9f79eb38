// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title TeacherApproves
/// @notice BROKEN ON PURPOSE. A teacher can approve its own requests.
/// @dev Imitates: endpoints that ask whether the caller may see a thing, and not whether it may
/// decide on it. Caught by INV-ADMIN with an approval by the teacher.
contract TeacherApproves is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requireMayAnswer(Withdrawal storage w) internal view override {
        if (msg.sender != w.teacher) _requireAdmin();
    }
}
