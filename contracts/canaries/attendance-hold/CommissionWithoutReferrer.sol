// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldAsDescribed} from "../../src/attendance-hold/AttendanceHoldAsDescribed.sol";

/// @title CommissionWithoutReferrer
/// @notice BROKEN ON PURPOSE. The commission is taken from every teacher, whether somebody has
/// referred it or not.
/// @dev Imitates: an optional fee whose condition got lost, as the platform was its recipient
/// anyway. Caught by INV-FEE with a hold without a referrer that is released.
contract CommissionWithoutReferrer is AttendanceHoldAsDescribed {
    constructor(Config memory config) AttendanceHoldAsDescribed(config) {}

    function _commissionOf(Hold storage h) internal view override returns (uint256) {
        return (uint256(h.price) * commissionBps) / BPS;
    }
}
