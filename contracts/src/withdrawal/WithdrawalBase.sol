// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {TokenMover} from "../shared/TokenMover.sol";
import {IWithdrawal} from "./IWithdrawal.sol";

/// @title WithdrawalBase
/// @notice From earnings to the bank: the platform pays in what teachers have earned and keeps a
/// commission, a teacher asks for some of its money, an admin approves, the bank pays. When money
/// leaves the balance, who says that the bank has paid, and which ways lead back, is the policy's
/// business.
/// @dev Order of checks in every action: state, caller, time, arguments, balance or token. Order of
/// effects: state, event, token calls; all actions are guarded against re-entrancy besides.
///
/// The accounts go on over all withdrawals, one pair for each teacher and token. With sound books
/// what is available and pending for all teachers, the commission and the deferred payments add up
/// to what the contract holds of a token.
abstract contract WithdrawalBase is IWithdrawal, TokenMover, ReentrancyGuard {
    /// @dev The whole, in basis points.
    uint256 internal constant BPS = 10_000;

    /// @notice The way out of the chain: what it gets is paid out as money.
    address public immutable bank;
    /// @notice Pays earnings in and owns the commission.
    address public immutable platform;
    /// @notice Least amount of a withdrawal, in base units of its token.
    uint128 public immutable minimumUnits;
    /// @notice Time that the bank has after the approval, where the policy limits it, in seconds.
    uint32 public immutable processingTimeoutSeconds;
    /// @notice Platform's part of what is paid in, in basis points.
    uint16 public immutable commissionBps;

    /// @notice Who approves and rejects.
    mapping(address account => bool) public isAdmin;

    mapping(bytes32 id => Withdrawal) internal _withdrawals;
    /// @dev In base units of the token, as are the next two.
    mapping(address teacher => mapping(address token => uint256)) internal _available;
    mapping(address teacher => mapping(address token => uint256)) internal _pending;
    mapping(address token => uint256) internal _commission;

    constructor(Config memory config) {
        if (
            config.admins.length == 0 || config.bank == address(0)
                || config.platform == address(0) || config.commissionBps > BPS
        ) revert InvalidConfig();
        for (uint256 i = 0; i < config.admins.length; i++) {
            if (config.admins[i] == address(0)) revert InvalidConfig();
            isAdmin[config.admins[i]] = true;
        }
        bank = config.bank;
        platform = config.platform;
        minimumUnits = config.minimumUnits;
        processingTimeoutSeconds = config.processingTimeoutSeconds;
        commissionBps = config.commissionBps;
    }

    // ------------------------------------------------------------------------------------- views

    /// @inheritdoc IWithdrawal
    function withdrawal(bytes32 id) external view virtual returns (Withdrawal memory) {
        return _withdrawals[id];
    }

    /// @inheritdoc IWithdrawal
    function withdrawalIdOf(Terms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc IWithdrawal
    function availableOf(address teacher, address token) public view virtual returns (uint256) {
        return _available[teacher][token];
    }

    /// @inheritdoc IWithdrawal
    function pendingOf(address teacher, address token) public view virtual returns (uint256) {
        return _pending[teacher][token];
    }

    /// @inheritdoc IWithdrawal
    function commissionOf(address token) public view virtual returns (uint256) {
        return _commission[token];
    }

    // ----------------------------------------------------------------------------------- actions

    /// @inheritdoc IWithdrawal
    function credit(
        address teacher,
        address token,
        uint128 gross
    ) external virtual nonReentrant {
        _requirePlatform();
        if (gross == 0) revert ZeroAmount();
        uint256 commission = _commissionOn(gross);
        _earn(teacher, token, gross - commission, commission);
        emit Credited(teacher, token, gross, commission);
        _pull(IERC20(token), platform, gross);
    }

    /// @inheritdoc IWithdrawal
    function request(Terms calldata terms) external virtual nonReentrant returns (bytes32 id) {
        id = withdrawalIdOf(terms);
        Withdrawal storage w = _withdrawals[id];
        _requireUnused(id, w);
        if (msg.sender != terms.teacher) revert NotTeacher(msg.sender, terms.teacher);
        _requireMinimum(terms.amount);
        uint256 available = availableOf(terms.teacher, terms.token);
        if (terms.amount > available) revert InsufficientBalance(terms.amount, available);

        w.status = Status.Pending;
        w.amount = terms.amount;
        w.requestedAt = uint64(block.timestamp);
        w.teacher = terms.teacher;
        w.token = terms.token;
        _requested(w);
        emit Requested(id, terms.teacher, terms.token, terms.amount);
    }

    /// @inheritdoc IWithdrawal
    function approve(bytes32 id) external virtual nonReentrant {
        Withdrawal storage w = _withdrawals[id];
        _requirePending(w);
        _requireMayAnswer(w);
        w.status = Status.Processing;
        _startProcessing(w);
        _approved(w);
        emit Approved(id, msg.sender);
    }

    /// @inheritdoc IWithdrawal
    function reject(bytes32 id) external virtual nonReentrant {
        Withdrawal storage w = _withdrawals[id];
        _requirePending(w);
        _requireMayAnswer(w);
        w.status = Status.Rejected;
        _rejected(w);
        emit RequestRejected(id, msg.sender);
    }

    /// @inheritdoc IWithdrawal
    function complete(bytes32 id, uint256 bankReference) external virtual nonReentrant {
        Withdrawal storage w = _withdrawals[id];
        _requireProcessing(w);
        _requireMayComplete();
        _useReference(w, bankReference);
        w.status = Status.Completed;
        _post(w);
        emit Completed(id, msg.sender, bankReference, w.amount);
        _payBank(id, w, w.amount);
    }

    /// @inheritdoc IWithdrawal
    function withdrawCommission(address token, address to) external virtual nonReentrant {
        _requirePlatform();
        uint256 amount = _takeCommission(token);
        if (amount == 0) revert NothingToWithdraw();
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);

        emit CommissionWithdrawn(token, to, amount);
        if (!_tryPay(IERC20(token), to, amount)) revert WithdrawFailed(to, amount);
    }

    /// @inheritdoc IWithdrawal
    function claim(bytes32 id, address to) external virtual nonReentrant {
        Withdrawal storage w = _withdrawals[id];
        uint256 amount = _takeClaim(w);
        if (amount == 0) revert NothingToClaim(msg.sender);
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);

        emit Claimed(id, bank, to, amount);
        if (!_tryPay(IERC20(w.token), to, amount)) revert ClaimFailed(to, amount);
    }

    // ------------------------------------------------------------------------ what is required

    /// @dev An id is used once and for all: withdrawals that are over keep it.
    function _requireUnused(bytes32 id, Withdrawal storage w) internal view virtual {
        if (w.status != Status.None) revert RequestExists(id);
    }

    function _requireMinimum(uint128 amount) internal view virtual {
        if (amount < minimumUnits) revert BelowMinimum(amount, minimumUnits);
    }

    function _requirePending(Withdrawal storage w) internal view virtual {
        if (w.status != Status.Pending) revert NotPending(w.status);
    }

    function _requireProcessing(Withdrawal storage w) internal view virtual {
        if (w.status != Status.Processing) revert NotProcessing(w.status);
    }

    function _requirePlatform() internal view virtual {
        if (msg.sender != platform) revert NotPlatform(msg.sender, platform);
    }

    function _requireAdmin() internal view virtual {
        if (!isAdmin[msg.sender]) revert NotAdmin(msg.sender);
    }

    function _requireMayAnswer(Withdrawal storage) internal view virtual {
        _requireAdmin();
    }

    /// @dev Who says that the bank pays.
    function _requireMayComplete() internal view virtual;

    // ------------------------------------------------------------------------- parts of actions

    /// @param net Teacher's part of what is paid in, in base units; `commission` is the platform's.
    function _earn(
        address teacher,
        address token,
        uint256 net,
        uint256 commission
    ) internal virtual {
        _available[teacher][token] += net;
        _commission[token] += commission;
    }

    /// @dev What a request does to the teacher's accounts.
    function _requested(Withdrawal storage w) internal virtual;

    function _startProcessing(Withdrawal storage w) internal virtual {
        w.approvedAt = uint64(block.timestamp);
    }

    /// @dev What an approval does to the teacher's accounts.
    function _approved(Withdrawal storage w) internal virtual;

    /// @dev What a rejection does to the teacher's accounts.
    function _rejected(Withdrawal storage w) internal virtual;

    function _useReference(Withdrawal storage w, uint256 bankReference) internal virtual {
        w.bankReference = bankReference;
    }

    /// @dev What is paid is owed no more.
    function _post(Withdrawal storage w) internal virtual {
        _pending[w.teacher][w.token] -= w.amount;
    }

    /// @dev Pays the bank; what cannot be paid waits for its claim. The withdrawal is over before.
    function _payBank(bytes32 id, Withdrawal storage w, uint256 amount) internal virtual {
        if (_tryPay(IERC20(w.token), bank, amount)) return;
        w.claimBank = SafeCast.toUint128(amount);
        emit PaymentDeferred(id, bank, amount);
    }

    /// @dev Empties the account of the commission.
    function _takeCommission(address token) internal virtual returns (uint256 amount) {
        amount = _commission[token];
        _commission[token] = 0;
    }

    /// @dev Takes the bank's deferred payment off the books.
    function _takeClaim(Withdrawal storage w) internal virtual returns (uint256 amount) {
        if (msg.sender != bank) return 0;
        amount = w.claimBank;
        w.claimBank = 0;
    }

    /// @dev Commission on what is paid in, in base units; rounds down, for the teacher.
    function _commissionOn(uint256 gross) internal view virtual returns (uint256) {
        return (gross * commissionBps) / BPS;
    }
}
