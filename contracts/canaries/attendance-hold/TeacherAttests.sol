// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title TeacherAttests
/// @notice BROKEN ON PURPOSE. The teacher can sign the records of its own lessons.
/// @dev Imitates: a check for some known signer instead of the one that has to have signed. Caught
/// by INV-BINDING with an attestation that the teacher has signed.
contract TeacherAttests is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _isAttendance(
        bytes32 id,
        uint32 index,
        uint64 joinedAt,
        uint64 leftAt,
        bytes calldata attestation
    ) internal view override returns (bool) {
        address signer = _signerOf(attendanceDigest(id, index, joinedAt, leftAt), attestation);
        return signer == attestor || signer == _holds[id].teacher;
    }
}
