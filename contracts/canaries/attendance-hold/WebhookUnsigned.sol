// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title WebhookUnsigned
/// @notice BROKEN ON PURPOSE. Any bytes pass for an attestation.
/// @dev Imitates: webhook endpoints that verify no signature, open to whoever finds the address.
/// Caught by INV-BINDING with an attestation that a stranger has signed, or none.
contract WebhookUnsigned is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _isAttestor(bytes32, bytes calldata) internal pure override returns (bool) {
        return true;
    }
}
