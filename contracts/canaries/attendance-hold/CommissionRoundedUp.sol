// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title CommissionRoundedUp
/// @notice BROKEN ON PURPOSE. The commission is rounded up, so that the odd unit is the referrer's.
/// @dev Imitates: rounding in favour of whoever wrote the formula. Caught by INV-FEE with a
/// referrer and a price that the commission does not divide.
contract CommissionRoundedUp is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _commissionOf(Hold storage h) internal view override returns (uint256) {
        uint256 scaled = uint256(h.price) * commissionBps;
        return h.referrer == address(0) ? 0 : (scaled + BPS - 1) / BPS;
    }
}
