// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title FinishUnguarded
/// @notice BROKEN ON PURPOSE. The end of a session pays nobody, so nobody guarded it.
/// @dev Imitates: a guard on the functions that move tokens and on no other, so that a hook with
/// an attestation in hand ends the session in the middle of its purchase. Caught by INV-REENTRY
/// with 1 action: a purchase with the re-entrant token.
contract FinishUnguarded is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function finishSession(
        bytes32 id,
        uint64 endedAt,
        bytes calldata attestation
    ) external override {
        Hold storage h = _holds[id];
        _requireHeld(h);
        _requireUnfinished(h);
        _requireSoundEnd(h, endedAt);
        if (!_isFinish(id, endedAt, attestation)) revert InvalidAttestation(id);
        _finish(id, h, endedAt, _lengthOf(h, endedAt));
    }
}
