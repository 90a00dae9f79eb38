// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalBase} from "./WithdrawalBase.sol";

/// @title WithdrawalHardened
/// @notice The withdrawal as a transfer in two phases: what is asked for is reserved at once, and
/// then either posted, by the bank that pays it, or voided, by a rejection, by the bank that cannot
/// pay, or by the teacher that takes the request back.
/// @dev Only the teacher cancels: while no admin has answered at any time, and after an approval
/// once the bank has had its time. If anybody could, a stranger might end a payment that is on its
/// way in the second in which that time is up.
contract WithdrawalHardened is WithdrawalBase {
    /// @notice The bank could not pay; the amount is back on the teacher's account.
    event BankFailed(bytes32 indexed withdrawalId);
    /// @notice The teacher has taken the request back; the amount is back on its account.
    event Cancelled(bytes32 indexed withdrawalId);

    /// @notice Thrown when a withdrawal is completed without the bank's number of its payment.
    error EmptyReference();
    /// @notice Thrown when somebody else than the bank does what is the bank's.
    error NotBank(address caller, address bank);
    /// @notice Thrown when a withdrawal is cancelled that does not exist or is over.
    error NotOpen(Status status);
    /// @notice Thrown when a payment of the bank is to settle a second withdrawal.
    error ReferenceUsed(uint256 bankReference);
    /// @notice Thrown when a withdrawal is cancelled before `until` (seconds), while the bank has
    /// it.
    error StillProcessing(uint256 until);

    /// @dev Payments of the bank that have settled a withdrawal.
    mapping(uint256 bankReference => bool) internal _used;

    constructor(Config memory config) WithdrawalBase(config) {}

    /// @notice Voids a withdrawal that the bank could not pay. Only the bank.
    function bankFailed(bytes32 id) external virtual nonReentrant {
        Withdrawal storage w = _withdrawals[id];
        _requireProcessing(w);
        _requireBank();
        w.status = Status.Failed;
        _void(w);
        emit BankFailed(id);
    }

    /// @notice Voids a request that no admin has answered, or one that the bank has had for its
    /// time. Only the teacher.
    function cancel(bytes32 id) external virtual nonReentrant {
        Withdrawal storage w = _withdrawals[id];
        _requireOpen(w);
        _requireCanceller(w);
        if (w.status == Status.Processing) _requireTimedOut(w);
        w.status = Status.Cancelled;
        _void(w);
        emit Cancelled(id);
    }

    // ------------------------------------------------------------------------ what is required

    function _requireOpen(Withdrawal storage w) internal view virtual {
        if (w.status != Status.Pending && w.status != Status.Processing) revert NotOpen(w.status);
    }

    function _requireCanceller(Withdrawal storage w) internal view virtual {
        if (msg.sender != w.teacher) revert NotTeacher(msg.sender, w.teacher);
    }

    function _requireBank() internal view virtual {
        if (msg.sender != bank) revert NotBank(msg.sender, bank);
    }

    function _requireMayComplete() internal view virtual override {
        _requireBank();
    }

    function _requireTimedOut(Withdrawal storage w) internal view virtual {
        uint256 until = _processingUntil(w);
        if (block.timestamp < until) revert StillProcessing(until);
    }

    // ------------------------------------------------------------------------- parts of actions

    /// @dev Reserves the amount: it cannot be asked for again.
    function _requested(Withdrawal storage w) internal virtual override {
        _available[w.teacher][w.token] -= w.amount;
        _pending[w.teacher][w.token] += w.amount;
    }

    /// @dev The amount is reserved already.
    function _approved(Withdrawal storage) internal virtual override {}

    function _rejected(Withdrawal storage w) internal virtual override {
        _void(w);
    }

    /// @dev Gives the whole amount back.
    function _void(Withdrawal storage w) internal virtual {
        _pending[w.teacher][w.token] -= w.amount;
        _available[w.teacher][w.token] += w.amount;
    }

    /// @dev One payment of the bank settles one withdrawal.
    function _useReference(
        Withdrawal storage w,
        uint256 bankReference
    ) internal virtual override {
        if (bankReference == 0) revert EmptyReference();
        if (_used[bankReference]) revert ReferenceUsed(bankReference);
        _used[bankReference] = true;
        super._useReference(w, bankReference);
    }

    /// @dev First second in which the teacher can take an approved request back.
    function _processingUntil(Withdrawal storage w) internal view virtual returns (uint256) {
        return uint256(w.approvedAt) + processingTimeoutSeconds;
    }
}
