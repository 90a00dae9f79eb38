// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {TokenMover} from "../shared/TokenMover.sol";
import {ISessionEscrow} from "./ISessionEscrow.sol";

/// @title SessionEscrowBase
/// @notice Per-second billing of a live call: a student locks a deposit, seconds accrue once both
/// have joined, and after the stop the tutor gets the billed seconds, the platform its fee of them,
/// and the student the rest. How a stop finds the billed seconds is the policy's business.
/// @dev Order of checks in every action: state, caller, time, arguments, token. Order of effects:
/// state, event, token calls; all actions are guarded against re-entrancy besides.
///
/// Known limit: a push forwards all but 1/64 of the gas that is left, so a caller of `settle` or
/// `cancel` who supplies too little can make a push fail, and a token that burns all gas it is
/// given can make all three fail and the call with them. The first costs nobody money: the share is
/// deferred and its owner claims it. The second is a property of the token that the two parties
/// chose, and reaches no session in another token.
abstract contract SessionEscrowBase is ISessionEscrow, TokenMover, ReentrancyGuard {
    /// @notice The highest fee that can be deployed: 20 %.
    uint16 public constant FEE_BPS_MAX = 2_000;

    /// @dev The whole, in basis points.
    uint256 internal constant BPS = 10_000;

    /// @notice Platform's part of what the tutor earns, in basis points.
    uint16 public immutable feeBps;
    /// @notice The platform: receives the fee.
    address public immutable feeRecipient;
    /// @notice May stop any session on behalf of the heartbeat service.
    address public immutable relayer;
    /// @notice Silence after which a party counts as gone, in seconds.
    uint32 public immutable silenceTimeoutSeconds;
    /// @notice Time from the deposit within which both must have joined, in seconds.
    uint32 public immutable startWindowSeconds;

    mapping(bytes32 id => Session) internal _sessions;

    constructor(Deployment memory deployment) {
        if (deployment.feeBps > FEE_BPS_MAX) revert InvalidFeeBps(deployment.feeBps, FEE_BPS_MAX);
        if (deployment.feeRecipient == address(0)) revert InvalidFeeRecipient();
        feeBps = deployment.feeBps;
        feeRecipient = deployment.feeRecipient;
        relayer = deployment.relayer;
        silenceTimeoutSeconds = deployment.silenceTimeoutSeconds;
        startWindowSeconds = deployment.startWindowSeconds;
    }

    // ------------------------------------------------------------------------------------- views

    /// @inheritdoc ISessionEscrow
    function session(bytes32 id) external view virtual returns (Session memory) {
        return _sessions[id];
    }

    /// @inheritdoc ISessionEscrow
    function sessionIdOf(Terms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc ISessionEscrow
    function capAt(bytes32 id) external view returns (uint256) {
        Session storage s = _sessions[id];
        return s.startedAt == 0 ? 0 : _capAt(s);
    }

    // ----------------------------------------------------------------------------------- actions

    /// @inheritdoc ISessionEscrow
    function deposit(
        Terms calldata terms,
        uint128 amount
    ) public virtual nonReentrant returns (bytes32 id) {
        id = sessionIdOf(terms);
        Session storage s = _sessions[id];
        _requireUnused(id, s);
        if (msg.sender != terms.student) revert NotStudent(msg.sender, terms.student);
        _requireSoundTerms(terms, amount);

        s.status = Status.Funded;
        s.student = terms.student;
        s.tutor = terms.tutor;
        s.token = terms.token;
        s.ratePerSecond = terms.ratePerSecond;
        s.deposit = amount;
        s.fundedAt = uint64(block.timestamp);
        emit Deposited(
            id, terms.student, terms.tutor, terms.token, terms.ratePerSecond, amount
        );
        _pull(IERC20(terms.token), terms.student, amount);
    }

    /// @inheritdoc ISessionEscrow
    function join(bytes32 id) external virtual nonReentrant {
        Session storage s = _sessions[id];
        if (s.status != Status.Funded) revert NotFunded(s.status);
        bool isStudent = msg.sender == s.student;
        if (!isStudent && msg.sender != s.tutor) revert NotParty(msg.sender);
        uint256 until = _startWindowEnd(s);
        if (block.timestamp > until) revert StartWindowOver(until);
        if (isStudent ? s.studentJoined : s.tutorJoined) revert AlreadyJoined(msg.sender);

        _recordJoin(s, isStudent);
        emit Joined(id, msg.sender);
        if (!_mayStart(s)) return;
        s.status = Status.Active;
        s.startedAt = uint64(block.timestamp);
        emit Started(id, s.startedAt);
    }

    /// @inheritdoc ISessionEscrow
    function topUp(bytes32 id, uint128 amount) external virtual nonReentrant {
        Session storage s = _sessions[id];
        Status status = s.status;
        if (status != Status.Funded && status != Status.Active) revert NotOpen(status);
        if (msg.sender != s.student) revert NotStudent(msg.sender, s.student);
        if (status == Status.Active && block.timestamp >= _capAt(s)) revert CapReached(_capAt(s));
        if (amount == 0) revert ZeroAmount();
        if (amount > type(uint128).max - s.deposit) revert AmountTooLarge(s.deposit, amount);

        s.deposit += amount;
        emit ToppedUp(id, amount, s.deposit);
        _pull(IERC20(s.token), msg.sender, amount);
    }

    /// @inheritdoc ISessionEscrow
    function settle(bytes32 id) external virtual nonReentrant {
        _settle(id);
    }

    /// @inheritdoc ISessionEscrow
    function cancel(bytes32 id) external virtual nonReentrant {
        _cancel(id);
    }

    /// @inheritdoc ISessionEscrow
    function claim(bytes32 id, address to) external virtual nonReentrant {
        Session storage s = _sessions[id];
        uint256 amount = _takeClaims(s, msg.sender);
        if (amount == 0) revert NothingToClaim(msg.sender);
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);

        if (s.status != Status.Cancelled) s.status = _statusAfterPayout(s);
        emit Claimed(id, msg.sender, to, amount);
        if (!_tryPay(IERC20(s.token), to, amount)) revert ClaimFailed(to, amount);
    }

    // ------------------------------------------------------------------------- parts of actions

    /// @dev An id is used once and for all: closed and cancelled sessions keep it.
    function _requireUnused(bytes32 id, Session storage s) internal view virtual {
        if (s.status != Status.Idle) revert SessionExists(id);
    }

    function _requireSoundTerms(Terms calldata terms, uint128 amount) internal view virtual {
        address tutor = terms.tutor;
        if (tutor == address(0) || tutor == terms.student || tutor == address(this)) {
            revert InvalidTutor(tutor);
        }
        if (terms.ratePerSecond == 0) revert ZeroRate();
        if (amount < terms.ratePerSecond) revert DepositBelowRate(amount, terms.ratePerSecond);
    }

    function _recordJoin(Session storage s, bool isStudent) internal virtual {
        if (isStudent) s.studentJoined = true;
        else s.tutorJoined = true;
    }

    /// @dev Nothing accrues without the consent of both.
    function _mayStart(Session storage s) internal view virtual returns (bool) {
        return s.studentJoined && s.tutorJoined;
    }

    function _requireCancellable(Session storage s) internal view virtual {
        if (s.status != Status.Funded) revert NotFunded(s.status);
        uint256 until = _startWindowEnd(s);
        if (msg.sender != s.student && block.timestamp <= until) revert StartWindowOpen(until);
    }

    /// @dev The parties and the relayer may always stop.
    function _isInsider(Session storage s) internal view virtual returns (bool) {
        return msg.sender == s.student || msg.sender == s.tutor || msg.sender == relayer;
    }

    /// @dev Anyone may stop once the deposit is used up.
    function _requireMayStop(Session storage s) internal view virtual {
        if (!_isInsider(s) && block.timestamp < _capAt(s)) revert NotParty(msg.sender);
    }

    /// @dev Records the stop. `until` (seconds) is where the bill ends, not before the start.
    function _stop(bytes32 id, Session storage s, uint256 until) internal virtual {
        uint64 billed = _secondsBilled(s, until);
        s.status = Status.Stopping;
        s.stoppedAt = uint64(block.timestamp);
        s.billedSeconds = billed;
        emit Stopped(id, msg.sender, billed);
    }

    function _requireSettleable(Session storage s) internal view virtual {
        if (s.status != Status.Stopping) revert NotStopped(s.status);
    }

    /// @dev The session is closed before the first token call, and opened again only as far as a
    /// push has failed.
    function _settle(bytes32 id) internal virtual {
        Session storage s = _sessions[id];
        _requireSettleable(s);
        (uint256 tutorAmount, uint256 fee, uint256 refund) = _shares(s);

        s.status = Status.Closed;
        emit Settled(id, tutorAmount, fee, refund);
        s.claimTutor = _pushOrDefer(id, s, s.tutor, tutorAmount);
        s.claimPlatform = _pushOrDefer(id, s, feeRecipient, fee);
        s.claimStudent = _pushOrDefer(id, s, s.student, refund);
        s.status = _statusAfterPayout(s);
    }

    function _cancel(bytes32 id) internal virtual {
        Session storage s = _sessions[id];
        _requireCancellable(s);
        uint128 refund = s.deposit;
        s.status = Status.Cancelled;
        emit Cancelled(id, refund);
        s.claimStudent = _pushOrDefer(id, s, s.student, refund);
    }

    /// @dev Takes all deferred shares of `owner`, who may own several: a platform can be a tutor.
    function _takeClaims(
        Session storage s,
        address owner
    ) internal virtual returns (uint256 amount) {
        if (owner == s.student) {
            amount += s.claimStudent;
            s.claimStudent = 0;
        }
        if (owner == s.tutor) {
            amount += s.claimTutor;
            s.claimTutor = 0;
        }
        if (owner == feeRecipient) {
            amount += s.claimPlatform;
            s.claimPlatform = 0;
        }
    }

    // ------------------------------------------------------------------------ time and amounts

    /// @dev Last second (inclusive) in which a party can join.
    function _startWindowEnd(Session storage s) internal view virtual returns (uint256) {
        return uint256(s.fundedAt) + startWindowSeconds;
    }

    /// @dev Whole seconds that the deposit buys; rounds down, for the student.
    function _affordableSeconds(Session storage s) internal view virtual returns (uint256) {
        return s.deposit / s.ratePerSecond;
    }

    /// @dev Time in seconds at which the deposit is used up. May lie beyond 2^64.
    function _capAt(Session storage s) internal view virtual returns (uint256) {
        return s.startedAt + _affordableSeconds(s);
    }

    /// @dev Where a bill ends at the latest if the session ends in this block, in seconds.
    function _billableUntil(Session storage s) internal view virtual returns (uint256) {
        return Math.min(block.timestamp, _capAt(s));
    }

    /// @dev Seconds from the start to `until`, which is a time between start and now.
    function _secondsBilled(
        Session storage s,
        uint256 until
    ) internal view virtual returns (uint64) {
        return SafeCast.toUint64(until - s.startedAt);
    }

    /// @dev All shares in base units; their sum is the deposit. The fee is part of what is owed.
    function _shares(
        Session storage s
    ) internal view virtual returns (uint256 tutorAmount, uint256 fee, uint256 refund) {
        uint256 owed = uint256(s.billedSeconds) * s.ratePerSecond;
        fee = _feeOf(s, owed);
        tutorAmount = owed - fee;
        refund = _refundOf(s, owed);
    }

    /// @dev Fee in base units; rounds down, for the tutor.
    function _feeOf(Session storage, uint256 owed) internal view virtual returns (uint256) {
        return (owed * feeBps) / BPS;
    }

    /// @dev Cannot underflow: no more seconds are billed than the deposit buys.
    function _refundOf(Session storage s, uint256 owed) internal view virtual returns (uint256) {
        return s.deposit - owed;
    }

    function _statusAfterPayout(Session storage s) internal view virtual returns (Status) {
        if (s.claimStudent > 0) return Status.Settled;
        if (s.claimTutor > 0 || s.claimPlatform > 0) return Status.Refunded;
        return Status.Closed;
    }

    // ------------------------------------------------------------------------------ token calls

    /// @dev Pays `amount` base units to `owner`, or reports the whole amount as deferred. Never
    /// reverts because of the token or the recipient.
    /// @return deferred What could not be paid, in base units: 0 or `amount`.
    function _pushOrDefer(
        bytes32 id,
        Session storage s,
        address owner,
        uint256 amount
    ) internal virtual returns (uint128 deferred) {
        if (amount == 0) return 0;
        if (_tryPay(IERC20(s.token), owner, amount)) return 0;
        emit PaymentDeferred(id, owner, amount);
        return SafeCast.toUint128(amount);
    }
}
