// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ProgressiveEscrowBase} from "./ProgressiveEscrowBase.sol";

/// @title ProgressiveEscrowHardened
/// @notice The progressive escrow that counts only time which both parties' signs prove: up to the
/// older of their newest signs plus one interval.
/// @dev A start and a resumption need both parties within one interval and the grace. Silence can
/// be ended by a pause only, as a sign given after it would prove the silence as well. The fee is
/// the floor of all that was released so far, less what was taken, so it does not depend on how the
/// releases were cut. What was not earned goes back to the student. The owner can release no more
/// of a session than is left of it.
contract ProgressiveEscrowHardened is ProgressiveEscrowBase {
    /// @notice Thrown when a release is asked for after `until` (seconds), in silence.
    error StaleHeartbeat(uint256 until);
    /// @notice Thrown when a sign comes after `until` (seconds), in silence.
    error TimedOut(uint256 until);
    /// @notice Thrown when the owner releases more than is `left` of the session (base units).
    error TooMuch(uint256 amount, uint256 left);

    constructor(Deployment memory deployment) ProgressiveEscrowBase(deployment) {}

    function _seenAt(Session storage s) internal view virtual override returns (uint256) {
        return Math.min(s.studentSeenAt, s.mentorSeenAt);
    }

    /// @dev The stretch since `activeSince` began with both parties there: it is never negative.
    function _until(Session storage s) internal view virtual override returns (uint256) {
        uint256 proven = Math.min(block.timestamp, _seenAt(s) + heartbeatInterval);
        return Math.max(s.activeSince, proven);
    }

    function _mayStart(Session storage s) internal view virtual override returns (bool) {
        return _otherIsThere(s);
    }

    function _mayResume(Session storage s) internal view virtual override returns (bool) {
        return !_countsAsPause(s) || _otherIsThere(s);
    }

    /// @dev A pause that ends a silence is one even if it lasts no second: its resumption must not
    /// pass for the heartbeat that would come too late.
    function _pauseCalledAt(Session storage s) internal view virtual override returns (uint64) {
        return _isSilent(s) ? 0 : uint64(block.timestamp);
    }

    /// @dev A pause of no seconds is none, so that it cannot be used to skip unproven ones.
    function _countsAsPause(Session storage s) internal view virtual override returns (bool) {
        return block.timestamp != s.pauseCalledAt;
    }

    function _otherIsThere(Session storage s) internal view virtual returns (bool) {
        uint256 other = _otherSeenAt(s);
        return other > 0 && block.timestamp <= other + heartbeatInterval + grace;
    }

    function _requireHeartbeatInTime(Session storage s) internal view virtual override {
        if (_isSilent(s)) revert TimedOut(_silentAfter(s));
    }

    function _requireFreshForRelease(Session storage s) internal view virtual override {
        if (_isSilent(s)) revert StaleHeartbeat(_silentAfter(s));
    }

    function _requireEmergencyBounded(
        Session storage s,
        uint256 amount
    ) internal view virtual override {
        uint256 left = s.totalAmount - s.released;
        if (amount > left) revert TooMuch(amount, left);
    }

    /// @dev The end of the session if it runs to its full length, and the delay.
    function _autoCompleteFrom(
        Session storage s
    ) internal view virtual override returns (uint256) {
        return s.startedAt + _durationSeconds(s) + s.pausedSeconds + autoReleaseDelay;
    }

    /// @dev What was earned is rounded down, for the student. More may have been released than was
    /// earned, by the owner.
    function _finalShares(
        Session storage s
    ) internal view virtual override returns (uint256 gross, uint256 refund) {
        uint256 earned = (s.totalAmount * _effectiveSeconds(s)) / _durationSeconds(s);
        gross = Math.saturatingSub(earned, s.released);
        refund = s.totalAmount - s.released - gross;
    }

    /// @dev The floor of the fee on everything released, less what was taken before.
    function _feeOfRelease(
        Session storage s,
        uint256
    ) internal view virtual override returns (uint256) {
        return _feeOf(s.released) - s.feePaid;
    }

    function _feeOfCompletion(
        Session storage s,
        uint256 gross
    ) internal view virtual override returns (uint256) {
        return _feeOfRelease(s, gross);
    }
}
