// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title PurchaseByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can buy a lesson for a student, from the allowance that the
/// student has given.
/// @dev Imitates: allowances without limit, spent by whoever names their owner. Caught by
/// INV-STRANGER-HARMLESS with a purchase by a stranger.
contract PurchaseByAnyone is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _requireBuyer(Terms calldata) internal view override {}
}
