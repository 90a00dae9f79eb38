// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title PurchaseOverwrites
/// @notice BROKEN ON PURPOSE. A hold can be purchased again while it is held: the price is taken
/// twice and held once.
/// @dev Imitates: a double click on the button that pays. Caught by INV-SINGLE-USE with two
/// purchases on the same terms.
contract PurchaseOverwrites is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _requireUnused(bytes32 id, Hold storage h) internal view override {
        if (h.status != Status.Held) super._requireUnused(id, h);
    }
}
