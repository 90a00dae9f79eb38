// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {IProgressiveEscrow} from "./IProgressiveEscrow.sol";
import {ProgressiveEscrowBooks} from "./ProgressiveEscrowBooks.sol";

/// @title ProgressiveEscrowBase
/// @notice A mentor's session, paid for at once and released bit by bit while it runs. What counts
/// as time, who must agree to a start, and how the fee is taken is the policy's business.
/// @dev Order of checks in every action: state, caller, time, arguments, token. Order of effects:
/// state, event, token calls; all actions are guarded against re-entrancy besides.
abstract contract ProgressiveEscrowBase is ProgressiveEscrowBooks, ReentrancyGuard {
    constructor(Deployment memory deployment) ProgressiveEscrowBooks(deployment) {}

    // ----------------------------------------------------------------------------------- actions

    /// @inheritdoc IProgressiveEscrow
    function create(Terms calldata terms) external virtual nonReentrant returns (bytes32 id) {
        id = sessionIdOf(terms);
        Session storage s = _sessions[id];
        if (s.status != Status.None) revert SessionExists(id);
        if (msg.sender != terms.student) revert NotStudent(msg.sender, terms.student);
        _useNonce(terms);
        _requireSoundTerms(terms);

        s.status = Status.Created;
        s.student = terms.student;
        s.mentor = terms.mentor;
        s.token = terms.token;
        s.totalAmount = terms.totalAmount;
        s.durationMinutes = terms.durationMinutes;
        s.nonce = terms.nonce;
        s.createdAt = uint64(block.timestamp);
        _emitCreated(id, terms);
        _pull(IERC20(terms.token), terms.student, terms.totalAmount);
    }

    /// @inheritdoc IProgressiveEscrow
    function start(bytes32 id) external virtual nonReentrant {
        Session storage s = _sessions[id];
        if (s.status != Status.Created) revert NotCreated(s.status);
        _requireParticipant(s);
        _markSeen(s);
        if (!_mayStart(s)) {
            emit Confirmed(id, msg.sender);
            return;
        }
        uint64 at = uint64(block.timestamp);
        s.status = Status.Active;
        s.startedAt = at;
        s.activeSince = at;
        s.lastReleaseAt = at;
        emit Started(id, msg.sender, at);
    }

    /// @inheritdoc IProgressiveEscrow
    function heartbeat(bytes32 id) external virtual nonReentrant {
        Session storage s = _requireActiveFor(id);
        _requireHeartbeatInTime(s);
        _markSeen(s);
        emit HeartbeatReceived(id, msg.sender);
    }

    /// @inheritdoc IProgressiveEscrow
    function release(bytes32 id) external virtual nonReentrant {
        Session storage s = _requireActiveFor(id);
        uint256 from = uint256(s.lastReleaseAt) + releaseInterval;
        if (block.timestamp < from) revert TooEarly(from);
        _requireFreshForRelease(s);
        uint256 due = _entitlement(s);
        if (due <= s.released) revert NothingToRelease(due, s.released);

        uint256 gross = due - s.released;
        s.lastReleaseAt = uint64(block.timestamp);
        s.released = due;
        uint256 fee = _feeOfRelease(s, gross);
        s.feePaid += fee;
        emit Released(id, msg.sender, gross - fee, fee);
        _pushMentor(id, s, gross - fee);
        _pushPlatform(id, s, fee);
    }

    /// @inheritdoc IProgressiveEscrow
    function pause(bytes32 id) external virtual nonReentrant {
        Session storage s = _requireActiveFor(id);
        _pause(id, s, _until(s), _pauseCalledAt(s));
    }

    /// @inheritdoc IProgressiveEscrow
    function resume(bytes32 id) external virtual nonReentrant {
        Session storage s = _sessions[id];
        if (s.status != Status.Paused) revert NotPaused(s.status);
        _requireParticipant(s);
        _markSeen(s);
        if (!_mayResume(s)) {
            emit Confirmed(id, msg.sender);
            return;
        }
        if (_countsAsPause(s)) {
            s.pausedSeconds += uint64(block.timestamp) - s.pausedAt;
            s.activeSince = uint64(block.timestamp);
        }
        s.pausedAt = 0;
        s.pauseCalledAt = 0;
        s.status = Status.Active;
        emit Resumed(id, msg.sender, s.pausedSeconds);
    }

    /// @inheritdoc IProgressiveEscrow
    function pauseOnTimeout(bytes32 id) external virtual nonReentrant {
        Session storage s = _sessions[id];
        if (s.status != Status.Active) revert NotActive(s.status);
        if (!_isSilent(s)) revert NotTimedOut(_silentAfter(s));
        _pause(id, s, _timeoutStamp(s), 0);
    }

    /// @inheritdoc IProgressiveEscrow
    function complete(
        bytes32 id,
        uint8 rating,
        bytes32 feedbackHash
    ) external virtual nonReentrant {
        Session storage s = _sessions[id];
        _requireRunning(s);
        if (msg.sender != s.student) revert NotStudent(msg.sender, s.student);
        if (rating < 1 || rating > 5) revert InvalidRating(rating);
        s.rating = rating;
        s.feedbackHash = feedbackHash;
        _complete(id, s);
    }

    /// @inheritdoc IProgressiveEscrow
    function autoComplete(bytes32 id) external virtual nonReentrant {
        Session storage s = _sessions[id];
        _requireRunning(s);
        uint256 from = _autoCompleteFrom(s);
        if (block.timestamp < from) revert AutoReleasePending(from);
        _complete(id, s);
    }

    /// @inheritdoc IProgressiveEscrow
    function cancel(bytes32 id) external virtual nonReentrant {
        Session storage s = _sessions[id];
        _requireCancellable(s);
        _requireParticipant(s);
        uint256 refund = _refundOfCancel(s);
        s.status = Status.Cancelled;
        emit Cancelled(id, refund);
        _pushStudent(id, s, refund);
    }

    /// @inheritdoc IProgressiveEscrow
    function emergencyRelease(bytes32 id, uint128 amount) external virtual nonReentrant {
        Session storage s = _sessions[id];
        Status status = s.status;
        if (status != Status.Created && status != Status.Active && status != Status.Paused) {
            revert NotOpen(status);
        }
        if (msg.sender != owner) revert NotOwner(msg.sender);
        if (amount == 0) revert ZeroAmount();
        _requireEmergencyBounded(s, amount);

        s.released += amount;
        s.emergency += amount;
        uint256 fee = _feeOfRelease(s, amount);
        s.feePaid += fee;
        emit EmergencyReleased(id, amount - fee, fee);
        _pushMentor(id, s, amount - fee);
        _pushPlatform(id, s, fee);
    }

    /// @inheritdoc IProgressiveEscrow
    function claim(bytes32 id, address to) external virtual nonReentrant {
        Session storage s = _sessions[id];
        uint256 amount = _takeClaims(s, msg.sender);
        if (amount == 0) revert NothingToClaim(msg.sender);
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);
        emit Claimed(id, msg.sender, to, amount);
        if (!_tryPay(IERC20(s.token), to, amount)) revert ClaimFailed(to, amount);
    }

    // ------------------------------------------------------------------------- parts of actions

    /// @dev A nonce is used once and for all: completed and cancelled sessions keep it.
    function _useNonce(Terms calldata terms) internal virtual {
        if (nonceUsed[terms.student][terms.nonce]) revert NonceUsed(terms.student, terms.nonce);
        nonceUsed[terms.student][terms.nonce] = true;
    }

    function _requireSoundTerms(Terms calldata terms) internal view virtual {
        address mentor = terms.mentor;
        if (mentor == address(0) || mentor == terms.student || mentor == address(this)) {
            revert InvalidMentor(mentor);
        }
        if (terms.durationMinutes == 0) revert ZeroDuration();
        if (terms.totalAmount == 0) revert ZeroAmount();
    }

    function _emitCreated(bytes32 id, Terms calldata terms) private {
        emit Created(
            id,
            terms.student,
            terms.mentor,
            terms.token,
            terms.totalAmount,
            terms.durationMinutes,
            terms.nonce
        );
    }

    function _requireParticipant(Session storage s) internal view virtual {
        if (msg.sender != s.student && msg.sender != s.mentor) revert NotParticipant(msg.sender);
    }

    /// @dev The session, if it runs and the caller takes part in it.
    function _requireActiveFor(bytes32 id) internal view virtual returns (Session storage s) {
        s = _sessions[id];
        if (s.status != Status.Active) revert NotActive(s.status);
        _requireParticipant(s);
    }

    function _requireRunning(Session storage s) internal view virtual {
        if (s.status != Status.Active && s.status != Status.Paused) revert NotRunning(s.status);
    }

    function _requireCancellable(Session storage s) internal view virtual {
        if (s.status != Status.Created) revert NotCreated(s.status);
    }

    function _markSeen(Session storage s) internal virtual {
        if (msg.sender == s.student) s.studentSeenAt = uint64(block.timestamp);
        else s.mentorSeenAt = uint64(block.timestamp);
    }

    /// @dev Time in seconds of the newest sign of the party that is not calling; 0 before any.
    function _otherSeenAt(Session storage s) internal view virtual returns (uint64) {
        return msg.sender == s.student ? s.mentorSeenAt : s.studentSeenAt;
    }

    /// @dev `at` and `calledAt` are times in seconds; `calledAt` is 0 when nobody asked for it.
    function _pause(bytes32 id, Session storage s, uint256 at, uint64 calledAt) internal virtual {
        s.status = Status.Paused;
        s.pausedAt = uint64(at);
        s.pauseCalledAt = calledAt;
        emit Paused(id, msg.sender, uint64(at));
    }

    /// @dev The shares are found while the session still runs, and paid when it is over.
    function _complete(bytes32 id, Session storage s) internal virtual {
        (uint256 gross, uint256 refund) = _finalShares(s);
        s.status = Status.Completed;
        s.released += gross;
        uint256 fee = _feeOfCompletion(s, gross);
        s.feePaid += fee;
        emit Completed(id, msg.sender, s.rating, gross - fee, fee, refund);
        _pushMentor(id, s, gross - fee);
        _pushPlatform(id, s, fee);
        _pushStudent(id, s, refund);
    }

    /// @dev Base units that were never released; nothing when the owner released more than all.
    function _refundOfCancel(Session storage s) internal view virtual returns (uint256) {
        return Math.saturatingSub(s.totalAmount, s.released);
    }
}
