// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {AttendanceHoldBase} from "./AttendanceHoldBase.sol";

/// @title AttendanceHoldHardened
/// @notice The attendance hold that decides by itself: it adds up intervals that the attestor has
/// signed, judges them against the real length of the session (no less than what was booked) once
/// late records have had their time, and lets anyone act where the keeper, or everybody, is silent.
/// @dev Each interval has the next number and begins no earlier than the last one ended, so that
/// the sum of their lengths is the measure of their union and none counts twice. Attestations are
/// ECDSA signatures of the attestor's own key, brought by anyone. Once the session is finished:
///
///     finishedAt              + attestationWindow              + keeperWindow
///         | late records count        | the keeper processes           | anyone processes
contract AttendanceHoldHardened is AttendanceHoldBase, EIP712 {
    /// @notice EIP-712 type hash of the attestation of an interval.
    bytes32 public constant ATTENDANCE_TYPEHASH =
        keccak256("Attendance(bytes32 holdId,uint32 index,uint64 joinedAt,uint64 leftAt)");
    /// @notice EIP-712 type hash of the attestation of a session's end.
    bytes32 public constant FINISH_TYPEHASH = keccak256("Finish(bytes32 holdId,uint64 endedAt)");

    /// @notice An interval was recorded, from `joinedAt` to `leftAt` (seconds); the time attended
    /// is `attendedSeconds` by now.
    event AttendanceRecorded(
        bytes32 indexed holdId,
        uint32 index,
        uint64 joinedAt,
        uint64 leftAt,
        uint64 attendedSeconds
    );

    /// @notice Thrown when a session is processed while records still count, before `until`
    /// (seconds).
    error AttestationOpen(uint256 until);
    /// @notice Thrown when attendance is recorded at or after `until` (seconds).
    error AttestationOver(uint256 until);
    /// @notice Thrown when what is presented is not what the attestor has signed for this hold.
    error InvalidAttestation(bytes32 holdId);
    /// @notice Thrown when a session would end at or before its start, after now, or before the
    /// student left (seconds).
    error InvalidEnd(uint64 endedAt);
    /// @notice Thrown when an interval is empty, begins before the start or before the last one
    /// ended, or ends after now or after the session (seconds).
    error InvalidInterval(uint64 joinedAt, uint64 leftAt);
    /// @notice Thrown when an unfinished hold is refunded before `until` (seconds).
    error TooEarly(uint256 until);
    /// @notice Thrown when a record does not have the next number.
    error WrongIndex(uint32 index, uint32 expected);

    constructor(
        Config memory config
    ) AttendanceHoldBase(config) EIP712("MeterproofAttendance", "1") {}

    // ----------------------------------------------------------------------------------- actions

    /// @notice Records that the student was there from `joinedAt` to `leftAt` (seconds). Anyone who
    /// brings the attestation, until the time for late records is over.
    /// @param index Number of the record, from 0 on.
    /// @param attestation The attestor's EIP-712 signature of an `Attendance`, 65 bytes.
    function recordAttendance(
        bytes32 id,
        uint32 index,
        uint64 joinedAt,
        uint64 leftAt,
        bytes calldata attestation
    ) external virtual nonReentrant {
        Hold storage h = _holds[id];
        _requireHeld(h);
        _requireRecordable(h);
        _requireNext(h, index);
        _requireSoundInterval(h, joinedAt, leftAt);
        if (!_isAttendance(id, index, joinedAt, leftAt, attestation)) revert InvalidAttestation(id);

        _record(h, joinedAt, leftAt);
        emit AttendanceRecorded(id, index, joinedAt, leftAt, h.attendedSeconds);
    }

    /// @notice Says that the session was over at `endedAt` (seconds). Anyone who brings the
    /// attestation, at any time.
    /// @param attestation The attestor's EIP-712 signature of a `Finish`, 65 bytes.
    function finishSession(
        bytes32 id,
        uint64 endedAt,
        bytes calldata attestation
    ) external virtual nonReentrant {
        Hold storage h = _holds[id];
        _requireHeld(h);
        _requireUnfinished(h);
        _requireSoundEnd(h, endedAt);
        if (!_isFinish(id, endedAt, attestation)) revert InvalidAttestation(id);
        _finish(id, h, endedAt, _lengthOf(h, endedAt));
    }

    /// @notice Resolves a finished session once the time for late records is over: releases the
    /// price if enough of the session was attended, and refunds it otherwise. The keeper at first,
    /// anyone later.
    function process(bytes32 id) external virtual nonReentrant {
        _process(id, _holds[id]);
    }

    // ------------------------------------------------------------------------------------- views

    /// @notice The EIP-712 digest that the attestor signs for an interval.
    function attendanceDigest(
        bytes32 id,
        uint32 index,
        uint64 joinedAt,
        uint64 leftAt
    ) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(ATTENDANCE_TYPEHASH, id, index, joinedAt, leftAt))
        );
    }

    /// @notice The EIP-712 digest that the attestor signs for the end of a session.
    function finishDigest(bytes32 id, uint64 endedAt) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(FINISH_TYPEHASH, id, endedAt)));
    }

    // ------------------------------------------------------------------------ what is required

    /// @dev Records count until the first second in which the keeper can process.
    function _requireRecordable(Hold storage h) internal view virtual {
        if (h.finishedAt != 0 && block.timestamp >= _recordsUntil(h)) {
            revert AttestationOver(_recordsUntil(h));
        }
    }

    function _requireNext(Hold storage h, uint32 index) internal view virtual {
        if (index != h.intervals) revert WrongIndex(index, h.intervals);
    }

    function _requireSoundInterval(
        Hold storage h,
        uint64 joinedAt,
        uint64 leftAt
    ) internal view virtual {
        if (
            joinedAt < _earliestJoin(h) || leftAt <= joinedAt || leftAt > block.timestamp
                || (h.finishedAt != 0 && leftAt > _endOf(h))
        ) revert InvalidInterval(joinedAt, leftAt);
    }

    function _requireSoundEnd(Hold storage h, uint64 endedAt) internal view virtual {
        if (endedAt <= h.startsAt || endedAt > block.timestamp || endedAt < h.lastLeftAt) {
            revert InvalidEnd(endedAt);
        }
    }

    /// @dev The keeper alone for a while, so that in the ordinary case one call is sent and not
    /// many; afterwards nobody depends on it.
    function _requireProcessor(Hold storage h) internal view virtual {
        if (block.timestamp < _recordsUntil(h) + keeperWindowSeconds) _requireKeeper();
    }

    function _requireProcessable(Hold storage h) internal view virtual {
        if (block.timestamp < _recordsUntil(h)) revert AttestationOpen(_recordsUntil(h));
    }

    /// @dev Anyone, once a session that took place would long have been finished.
    function _requireNoShow(Hold storage h) internal view virtual override {
        uint256 until = uint256(h.startsAt) + sessionSeconds + noShowSeconds;
        if (block.timestamp < until) revert TooEarly(until);
    }

    // ------------------------------------------------------------------------- parts of actions

    function _record(Hold storage h, uint64 joinedAt, uint64 leftAt) internal virtual {
        if (h.intervals == 0) h.attendance = _attendanceAt(h, joinedAt);
        h.joinedAt = joinedAt;
        h.lastLeftAt = leftAt;
        h.attendedSeconds += leftAt - joinedAt;
        h.intervals += 1;
    }

    function _process(bytes32 id, Hold storage h) internal virtual {
        _requireHeld(h);
        _requireFinished(h);
        _requireProcessor(h);
        _requireProcessable(h);
        if (_isAttended(h)) _release(id, h);
        else _refund(id, h);
    }

    function _commissionOwner(Hold storage h) internal view virtual override returns (address) {
        return h.referrer;
    }

    function _payCommission(bytes32 id, Hold storage h, uint256 amount) internal virtual override {
        uint128 deferred = _pushOrDefer(id, h, h.referrer, amount);
        if (deferred > 0) h.claimReferrer += deferred;
    }

    // -------------------------------------------------------------------- times and attestations

    /// @dev Whether the student attended the part of the session that is asked for. Exact: nothing
    /// is divided.
    function _isAttended(Hold storage h) internal view virtual returns (bool) {
        return uint256(h.attendedSeconds) * BPS >= _judgedSeconds(h) * thresholdBps;
    }

    /// @dev Length against which attendance is judged, in seconds: the real one, but no less than
    /// what was booked. Otherwise a teacher who closes the room after a minute would be paid for
    /// all of it.
    function _judgedSeconds(Hold storage h) internal view virtual returns (uint256) {
        return Math.max(h.lengthSeconds, sessionSeconds);
    }

    /// @dev Earliest second in which the next interval can begin.
    function _earliestJoin(Hold storage h) internal view virtual returns (uint256) {
        return Math.max(h.startsAt, h.lastLeftAt);
    }

    /// @dev What the session lasted, in seconds.
    function _lengthOf(Hold storage h, uint64 endedAt) internal view virtual returns (uint64) {
        return endedAt - h.startsAt;
    }

    /// @dev When a finished session ended, in seconds.
    function _endOf(Hold storage h) internal view virtual returns (uint256) {
        return uint256(h.startsAt) + h.lengthSeconds;
    }

    /// @dev First second in which records of a finished session do not count any more.
    function _recordsUntil(Hold storage h) internal view virtual returns (uint256) {
        return uint256(h.finishedAt) + attestationWindowSeconds;
    }

    function _isAttendance(
        bytes32 id,
        uint32 index,
        uint64 joinedAt,
        uint64 leftAt,
        bytes calldata attestation
    ) internal view virtual returns (bool) {
        return _isAttestor(attendanceDigest(id, index, joinedAt, leftAt), attestation);
    }

    function _isFinish(
        bytes32 id,
        uint64 endedAt,
        bytes calldata attestation
    ) internal view virtual returns (bool) {
        return _isAttestor(finishDigest(id, endedAt), attestation);
    }

    /// @dev Whether this is the attestor's signature over `digest`; an unreadable one is nobody's,
    /// and nobody is not the attestor.
    function _isAttestor(
        bytes32 digest,
        bytes calldata attestation
    ) internal view virtual returns (bool) {
        return _signerOf(digest, attestation) == attestor;
    }

    function _signerOf(
        bytes32 digest,
        bytes calldata attestation
    ) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecover(digest, attestation);
    }
}
