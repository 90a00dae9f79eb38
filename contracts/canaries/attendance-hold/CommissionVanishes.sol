// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title CommissionVanishes
/// @notice BROKEN ON PURPOSE. The commission is taken off the teacher's part and paid to nobody.
/// @dev Imitates: fees that a refactoring left without a recipient. Caught by INV-CONSERVATION:
/// what was held is neither paid nor owed, with a referrer and a release.
contract CommissionVanishes is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _payCommission(bytes32, Hold storage, uint256) internal override {}
}
