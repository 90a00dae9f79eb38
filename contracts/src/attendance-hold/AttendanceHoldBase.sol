// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {TokenMover} from "../shared/TokenMover.sol";
import {IAttendanceHold} from "./IAttendanceHold.sol";

/// @title AttendanceHoldBase
/// @notice A lesson that is paid in advance and released if the student came: the price is held
/// until the session is finished, and then goes to the teacher, less a commission if somebody has
/// referred the teacher, or back to the student. What counts as attendance, who says that a session
/// is over, and who decides, is the policy's business.
/// @dev Order of checks in every action: state, caller, time, arguments, signature, token. Order of
/// effects: state, event, token calls; all actions are guarded against re-entrancy besides.
abstract contract AttendanceHoldBase is IAttendanceHold, TokenMover, ReentrancyGuard {
    /// @dev The whole, in basis points.
    uint256 internal constant BPS = 10_000;

    /// @notice Turns events of the call platform into records of attendance.
    address public immutable attestor;
    /// @notice Runs the job that releases and refunds.
    address public immutable keeper;
    /// @notice Operates the system.
    address public immutable platform;
    /// @notice Scheduled length of a session, in seconds.
    uint32 public immutable sessionSeconds;
    /// @notice Part of a session that has to be attended, in basis points.
    uint16 public immutable thresholdBps;
    /// @notice Referrer's part of the price, in basis points.
    uint16 public immutable commissionBps;
    /// @notice Time after the finish in which late records count, where the policy has one, in
    /// seconds.
    uint32 public immutable attestationWindowSeconds;
    /// @notice Time after that in which only the keeper can process, likewise.
    uint32 public immutable keeperWindowSeconds;
    /// @notice Time after the scheduled end from which an unfinished hold can be refunded by
    /// anyone, likewise.
    uint32 public immutable noShowSeconds;
    /// @notice A student who joins later than this after the start is late, in seconds.
    uint32 public immutable lateAfterSeconds;

    mapping(bytes32 id => Hold) internal _holds;

    constructor(Config memory config) {
        if (
            config.attestor == address(0) || config.keeper == address(0)
                || config.platform == address(0) || config.sessionSeconds == 0
                || config.thresholdBps > BPS || config.commissionBps > BPS
        ) revert InvalidConfig();
        attestor = config.attestor;
        keeper = config.keeper;
        platform = config.platform;
        sessionSeconds = config.sessionSeconds;
        thresholdBps = config.thresholdBps;
        commissionBps = config.commissionBps;
        attestationWindowSeconds = config.attestationWindowSeconds;
        keeperWindowSeconds = config.keeperWindowSeconds;
        noShowSeconds = config.noShowSeconds;
        lateAfterSeconds = config.lateAfterSeconds;
    }

    // ------------------------------------------------------------------------------------- views

    /// @inheritdoc IAttendanceHold
    function hold(bytes32 id) external view virtual returns (Hold memory) {
        return _holds[id];
    }

    /// @inheritdoc IAttendanceHold
    function holdIdOf(Terms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    // ----------------------------------------------------------------------------------- actions

    /// @inheritdoc IAttendanceHold
    function purchase(Terms calldata terms) public virtual nonReentrant returns (bytes32 id) {
        id = holdIdOf(terms);
        Hold storage h = _holds[id];
        _requireUnused(id, h);
        _requireBuyer(terms);
        if (block.timestamp > terms.startsAt) revert StartPassed(terms.startsAt);
        _requireSoundTerms(terms);

        h.status = Status.Held;
        h.price = terms.price;
        h.startsAt = terms.startsAt;
        h.student = terms.student;
        h.teacher = terms.teacher;
        h.referrer = terms.referrer;
        h.token = terms.token;
        emit Purchased(
            id,
            terms.student,
            terms.teacher,
            terms.referrer,
            terms.token,
            terms.price,
            terms.startsAt
        );
        _pull(IERC20(terms.token), terms.student, terms.price);
    }

    /// @inheritdoc IAttendanceHold
    function refundUnfinished(bytes32 id) external virtual nonReentrant {
        Hold storage h = _holds[id];
        _requireHeld(h);
        _requireUnfinished(h);
        _requireNoShow(h);
        _refund(id, h);
    }

    /// @inheritdoc IAttendanceHold
    function claim(bytes32 id, address to) external virtual nonReentrant {
        Hold storage h = _holds[id];
        uint256 amount = _takeClaims(h);
        if (amount == 0) revert NothingToClaim(msg.sender);
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);

        emit Claimed(id, msg.sender, to, amount);
        if (!_tryPay(IERC20(h.token), to, amount)) revert ClaimFailed(to, amount);
    }

    // ------------------------------------------------------------------------ what is required

    /// @dev An id is used once and for all: holds that are resolved keep it, and with it the
    /// attestations that were signed for it.
    function _requireUnused(bytes32 id, Hold storage h) internal view virtual {
        if (h.status != Status.None) revert HoldExists(id);
    }

    /// @dev An allowance is not consent to any particular purchase: only its owner spends it.
    function _requireBuyer(Terms calldata terms) internal view virtual {
        if (msg.sender != terms.student) revert NotStudent(msg.sender, terms.student);
    }

    function _requireSoundTerms(Terms calldata terms) internal view virtual {
        address teacher = terms.teacher;
        if (teacher == address(0) || teacher == terms.student || teacher == address(this)) {
            revert InvalidTeacher(teacher);
        }
        address referrer = terms.referrer;
        if (referrer == terms.student || referrer == teacher || referrer == address(this)) {
            revert InvalidReferrer(referrer);
        }
        if (terms.price == 0) revert ZeroPrice();
    }

    function _requireHeld(Hold storage h) internal view virtual {
        if (h.status != Status.Held) revert NotHeld(h.status);
    }

    function _requireUnfinished(Hold storage h) internal view virtual {
        if (h.finishedAt != 0) revert AlreadyFinished(h.finishedAt);
    }

    function _requireFinished(Hold storage h) internal view virtual {
        if (h.finishedAt == 0) revert NotFinished();
    }

    function _requireKeeper() internal view virtual {
        if (msg.sender != keeper) revert NotKeeper(msg.sender, keeper);
    }

    /// @dev By whom and when a hold whose session nobody has finished can be refunded.
    function _requireNoShow(Hold storage h) internal view virtual;

    // ------------------------------------------------------------------------- parts of actions

    /// @param endedAt When the session ended, in seconds.
    /// @param lengthSeconds What the session counts as having lasted.
    function _finish(
        bytes32 id,
        Hold storage h,
        uint64 endedAt,
        uint64 lengthSeconds
    ) internal virtual {
        h.finishedAt = uint64(block.timestamp);
        h.lengthSeconds = lengthSeconds;
        emit SessionFinished(id, msg.sender, endedAt, lengthSeconds);
    }

    function _attendanceAt(
        Hold storage h,
        uint64 joinedAt
    ) internal view virtual returns (Attendance) {
        bool inTime = joinedAt <= uint256(h.startsAt) + lateAfterSeconds;
        return inTime ? Attendance.Present : Attendance.Late;
    }

    /// @dev The hold is resolved before any token is called. What rounding leaves is the teacher's.
    function _release(bytes32 id, Hold storage h) internal virtual {
        uint256 commission = _commissionOf(h);
        uint256 teacherAmount = h.price - commission;
        h.status = Status.Released;
        address commissionTo = commission == 0 ? address(0) : _commissionOwner(h);
        emit Released(id, teacherAmount, commission, commissionTo);
        _payTeacher(id, h, teacherAmount);
        _payCommission(id, h, commission);
    }

    /// @dev Likewise.
    function _refund(bytes32 id, Hold storage h) internal virtual {
        h.status = Status.Refunded;
        emit Refunded(id, h.price);
        uint128 deferred = _pushOrDefer(id, h, h.student, h.price);
        if (deferred > 0) h.claimStudent += deferred;
    }

    /// @dev Commission on the price, in base units; rounds down, for the teacher.
    function _commissionOf(Hold storage h) internal view virtual returns (uint256) {
        return h.referrer == address(0) ? 0 : (uint256(h.price) * commissionBps) / BPS;
    }

    /// @dev Who has the commission of a hold with a referrer.
    function _commissionOwner(Hold storage h) internal view virtual returns (address);

    function _payTeacher(bytes32 id, Hold storage h, uint256 amount) internal virtual {
        uint128 deferred = _pushOrDefer(id, h, h.teacher, amount);
        if (deferred > 0) h.claimTeacher += deferred;
    }

    function _payCommission(bytes32 id, Hold storage h, uint256 amount) internal virtual;

    /// @dev Pays `amount` base units to `owner`, or reports the whole amount as deferred.
    /// @return deferred What could not be paid, in base units: 0 or `amount`.
    function _pushOrDefer(
        bytes32 id,
        Hold storage h,
        address owner,
        uint256 amount
    ) internal virtual returns (uint128 deferred) {
        if (amount == 0 || _tryPay(IERC20(h.token), owner, amount)) return 0;
        emit PaymentDeferred(id, owner, amount);
        return SafeCast.toUint128(amount);
    }

    /// @dev Takes the caller's deferred shares off the books. One address may have several, since
    /// nothing keeps the platform from being a teacher or a referrer as well.
    function _takeClaims(Hold storage h) internal virtual returns (uint256 amount) {
        if (msg.sender == h.student) {
            amount += h.claimStudent;
            h.claimStudent = 0;
        }
        if (msg.sender == h.teacher) {
            amount += h.claimTeacher;
            h.claimTeacher = 0;
        }
        if (msg.sender == h.referrer) {
            amount += h.claimReferrer;
            h.claimReferrer = 0;
        }
        if (msg.sender == platform) {
            amount += h.claimPlatform;
            h.claimPlatform = 0;
        }
    }
}
