// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {TokenMover} from "../shared/TokenMover.sol";
import {IProgressiveEscrow} from "./IProgressiveEscrow.sol";

/// @title ProgressiveEscrowBooks
/// @notice What a progressive escrow knows and how it reckons: deployment, sessions, time, amounts,
/// payments with the claims that stand in for failed ones, and the questions that a policy answers.
abstract contract ProgressiveEscrowBooks is IProgressiveEscrow, TokenMover {
    /// @notice The highest fee that can be deployed: 20 %.
    uint16 public constant FEE_BPS_MAX = 2_000;

    /// @dev The whole, in basis points.
    uint256 internal constant BPS = 10_000;

    /// @notice Platform's part of what the mentor earns, in basis points.
    uint16 public immutable feeBps;
    /// @notice The platform: receives the fee.
    address public immutable feeRecipient;
    /// @notice May release money to a mentor in an emergency.
    address public immutable owner;
    /// @notice Part of the price that can be released while a session runs, in basis points.
    uint16 public immutable progressiveBps;
    /// @notice Time between two releases at the least, in seconds.
    uint32 public immutable releaseInterval;
    /// @notice Time between two signs of a party as agreed, in seconds.
    uint32 public immutable heartbeatInterval;
    /// @notice Time beyond the interval after which a party counts as gone, in seconds.
    uint32 public immutable grace;
    /// @notice Time after which anyone may complete a session, in seconds.
    uint32 public immutable autoReleaseDelay;

    /// @inheritdoc IProgressiveEscrow
    mapping(address student => mapping(uint64 nonce => bool)) public nonceUsed;

    mapping(bytes32 id => Session) internal _sessions;

    constructor(Deployment memory deployment) {
        if (deployment.feeBps > FEE_BPS_MAX) revert InvalidFeeBps(deployment.feeBps, FEE_BPS_MAX);
        if (deployment.feeRecipient == address(0)) revert InvalidFeeRecipient();
        if (deployment.progressiveBps == 0 || deployment.progressiveBps > BPS) {
            revert InvalidProgressiveBps(deployment.progressiveBps);
        }
        feeBps = deployment.feeBps;
        feeRecipient = deployment.feeRecipient;
        owner = deployment.owner;
        progressiveBps = deployment.progressiveBps;
        releaseInterval = deployment.releaseInterval;
        heartbeatInterval = deployment.heartbeatInterval;
        grace = deployment.grace;
        autoReleaseDelay = deployment.autoReleaseDelay;
    }

    // ------------------------------------------------------------------------------------- views

    /// @inheritdoc IProgressiveEscrow
    function session(bytes32 id) external view virtual returns (Session memory) {
        return _sessions[id];
    }

    /// @inheritdoc IProgressiveEscrow
    function sessionIdOf(Terms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc IProgressiveEscrow
    function entitlement(bytes32 id) external view returns (uint256) {
        Session storage s = _sessions[id];
        return s.startedAt == 0 ? 0 : _entitlement(s);
    }

    // ----------------------------------------------------------------------------------- payments

    function _pushMentor(bytes32 id, Session storage s, uint256 amount) internal virtual {
        s.claimMentor += _pushOrDefer(id, s, s.mentor, amount);
    }

    function _pushPlatform(bytes32 id, Session storage s, uint256 amount) internal virtual {
        s.claimPlatform += _pushOrDefer(id, s, feeRecipient, amount);
    }

    function _pushStudent(bytes32 id, Session storage s, uint256 amount) internal virtual {
        s.claimStudent += _pushOrDefer(id, s, s.student, amount);
    }

    /// @dev Pays `amount` base units to `party`, or reports the whole amount as deferred.
    /// @return deferred What could not be paid, in base units: 0 or `amount`.
    function _pushOrDefer(
        bytes32 id,
        Session storage s,
        address party,
        uint256 amount
    ) internal virtual returns (uint256 deferred) {
        if (amount == 0 || _tryPay(IERC20(s.token), party, amount)) return 0;
        emit PaymentDeferred(id, party, amount);
        return amount;
    }

    /// @dev Takes all deferred shares of `party`, who may own several: a platform can be a mentor.
    function _takeClaims(
        Session storage s,
        address party
    ) internal virtual returns (uint256 amount) {
        if (party == s.student) {
            amount += s.claimStudent;
            s.claimStudent = 0;
        }
        if (party == s.mentor) {
            amount += s.claimMentor;
            s.claimMentor = 0;
        }
        if (party == feeRecipient) {
            amount += s.claimPlatform;
            s.claimPlatform = 0;
        }
    }

    // ------------------------------------------------------------------------- time and amounts

    function _durationSeconds(Session storage s) internal view virtual returns (uint256) {
        return uint256(s.durationMinutes) * 60;
    }

    /// @dev Last second (inclusive) in which the session does not count as silent.
    function _silentAfter(Session storage s) internal view virtual returns (uint256) {
        return _seenAt(s) + heartbeatInterval + grace;
    }

    function _isSilent(Session storage s) internal view virtual returns (bool) {
        return block.timestamp > _silentAfter(s);
    }

    /// @dev Seconds that the session has run, at most its duration. Cannot underflow: a pause
    /// begins no earlier than the stretch that it ends.
    function _effectiveSeconds(Session storage s) internal view virtual returns (uint256) {
        uint256 end = s.status == Status.Paused ? s.pausedAt : _until(s);
        return Math.min(_durationSeconds(s), end - s.startedAt - s.pausedSeconds);
    }

    /// @dev Base units that may be released before the completion; rounds down, for the student.
    function _entitlement(Session storage s) internal view virtual returns (uint256) {
        uint256 numerator = uint256(s.totalAmount) * progressiveBps * _effectiveSeconds(s);
        return numerator / (BPS * _durationSeconds(s));
    }

    /// @dev Fee in base units of one amount by itself; rounds down, for the mentor.
    function _feeOf(uint256 amount) internal view virtual returns (uint256) {
        return (amount * feeBps) / BPS;
    }

    // --------------------------------------------------------------------- the policy's business

    /// @dev Time in seconds at which the session was heard of last.
    function _seenAt(Session storage s) internal view virtual returns (uint256);

    /// @dev Time in seconds until which a running session counts.
    function _until(Session storage s) internal view virtual returns (uint256);

    /// @dev What a party's pause stores as the time of its call, in seconds.
    function _pauseCalledAt(Session storage) internal view virtual returns (uint64) {
        return uint64(block.timestamp);
    }

    /// @dev From when on a pause by timeout counts, in seconds.
    function _timeoutStamp(Session storage s) internal view virtual returns (uint256) {
        return _until(s);
    }

    /// @dev Whether the call of this party is enough to start.
    function _mayStart(Session storage s) internal view virtual returns (bool);

    /// @dev Whether the call of this party is enough to go on.
    function _mayResume(Session storage s) internal view virtual returns (bool);

    /// @dev Whether the time since `pausedAt` is to be left out.
    function _countsAsPause(Session storage s) internal view virtual returns (bool);

    function _requireHeartbeatInTime(Session storage s) internal view virtual;

    function _requireFreshForRelease(Session storage s) internal view virtual;

    function _requireEmergencyBounded(Session storage s, uint256 amount) internal view virtual;

    /// @dev Time in seconds from which on anyone may complete.
    function _autoCompleteFrom(Session storage s) internal view virtual returns (uint256);

    /// @dev What is left for mentor and platform together, and for the student, in base units.
    function _finalShares(
        Session storage s
    ) internal view virtual returns (uint256 gross, uint256 refund);

    /// @dev Fee on `gross`, which is part of `released` already, in base units.
    function _feeOfRelease(
        Session storage s,
        uint256 gross
    ) internal view virtual returns (uint256);

    /// @dev As `_feeOfRelease`, at the completion.
    function _feeOfCompletion(
        Session storage s,
        uint256 gross
    ) internal view virtual returns (uint256);
}
