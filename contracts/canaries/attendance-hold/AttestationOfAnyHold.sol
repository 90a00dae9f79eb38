// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title AttestationOfAnyHold
/// @notice BROKEN ON PURPOSE. An attestation counts for every hold, not only for the one that it
/// was signed for.
/// @dev Imitates: signatures that do not bind the agreement, replayed in another one. The clients
/// sign the full message, so the missing binding is rebuilt by trying all holds that the contract
/// knows. Caught by INV-BINDING with an attestation for another hold.
contract AttestationOfAnyHold is AttendanceHoldHardened {
    bytes32[] private _known;

    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function purchase(Terms calldata terms) public override returns (bytes32 id) {
        id = super.purchase(terms);
        _known.push(id);
    }

    function _isAttendance(
        bytes32,
        uint32 index,
        uint64 joinedAt,
        uint64 leftAt,
        bytes calldata attestation
    ) internal view override returns (bool) {
        for (uint256 i = 0; i < _known.length; i++) {
            if (super._isAttendance(_known[i], index, joinedAt, leftAt, attestation)) return true;
        }
        return false;
    }

    function _isFinish(
        bytes32,
        uint64 endedAt,
        bytes calldata attestation
    ) internal view override returns (bool) {
        for (uint256 i = 0; i < _known.length; i++) {
            if (super._isFinish(_known[i], endedAt, attestation)) return true;
        }
        return false;
    }
}
