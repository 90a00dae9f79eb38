// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title FinishUnchecked
/// @notice BROKEN ON PURPOSE. Records have to be signed, the end of the session does not.
/// @dev Imitates: a check that was added to one of two entry points. Caught by INV-BINDING with a
/// finish that nobody has attested.
contract FinishUnchecked is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _isFinish(bytes32, uint64, bytes calldata) internal pure override returns (bool) {
        return true;
    }
}
