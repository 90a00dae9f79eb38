// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title OddUnitStays
/// @notice BROKEN ON PURPOSE. Both shares are rounded down, and the odd unit stays in the contract.
/// @dev Imitates: splits that compute each share as a percentage, where dust piled up for ever.
/// Caught by INV-DUST with a referrer and a price that the shares do not divide.
contract OddUnitStays is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _payTeacher(bytes32 id, Hold storage h, uint256 amount) internal override {
        if (h.referrer != address(0)) amount = (uint256(h.price) * (BPS - commissionBps)) / BPS;
        super._payTeacher(id, h, amount);
    }
}
