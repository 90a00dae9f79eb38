// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {CheckpointDownloadBase} from "./CheckpointDownloadBase.sol";

/// @title CheckpointDownloadHardened
/// @notice The checkpoint download in which a payment is a movement of tokens, each seeder is paid
/// for exactly what it has delivered, and no segment outgrows the limit.
/// @dev Each seeder reports for itself, and the downloader agrees by paying or leaves. So a report
/// takes nothing by itself, except in mode Upfront: there the downloader trusts the seeders with
/// what it has locked, which is what the mode says.
///
/// Thresholds are absolute: a report beyond one is billed with it, and goes less far than the next
/// one, so each payment passes exactly one.
contract CheckpointDownloadHardened is CheckpointDownloadBase {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadBase(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    /// @notice Pays what is due, to the seeders; in mode Upfront locks it here. Only the
    /// downloader; needs an allowance of `amount` base units. If the token does not move, the
    /// payment has failed and can be tried again.
    /// @param checkpoint Number of the payment, so that one that is sent twice pays nothing twice.
    /// @param amount What is due, in base units.
    function pay(bytes32 id, uint32 checkpoint, uint128 amount) external virtual nonReentrant {
        Download storage d = _downloads[id];
        _requireWaiting(d);
        _requireDownloader(d);
        _payDue(id, d, checkpoint, amount);
    }

    function _retry(
        bytes32 id,
        Download storage d,
        uint32 checkpoint,
        uint128 amount
    ) internal virtual override {
        _payDue(id, d, checkpoint, amount);
    }

    function _payDue(
        bytes32 id,
        Download storage d,
        uint32 checkpoint,
        uint128 amount
    ) internal virtual {
        _requireDue(d, checkpoint, amount);

        d.status = Status.PaymentFailed;
        if (_tryPull(IERC20(d.token), d.downloader, amount)) _paid(id, d, amount);
        else emit PaymentFailed(id, checkpoint, amount);
    }

    /// @dev What is due has arrived. In mode Upfront nothing is delivered yet, so nobody has a
    /// share of it.
    function _paid(bytes32 id, Download storage d, uint128 amount) internal virtual {
        uint32 checkpoint = d.checkpoint;
        uint128[SEEDERS_MAX] memory shares = _unpaidShares(d);
        _credit(d);
        if (d.mode == Mode.Upfront) d.locked = amount;
        emit CheckpointPaid(id, checkpoint, amount);
        _paySeeders(id, d, shares);
    }

    function _progressed(bytes32 id, Download storage d, uint8 seeder) internal virtual override {
        if (d.mode == Mode.Upfront) _payFromLock(id, d, seeder);
        else if (_isCheckpoint(d)) _awaitPayment(id, d, _dueOf(d));
    }

    /// @dev Cannot underflow: all shares together are no more than the price of the file.
    function _payFromLock(bytes32 id, Download storage d, uint256 seeder) internal virtual {
        uint128 share = _unpaidShare(d, seeder);
        d.paid[seeder] += share;
        d.locked -= share;
        _paySeeder(id, d, seeder, share);
    }

    // ------------------------------------------------------------------------- what is required

    function _requireDue(
        Download storage d,
        uint32 checkpoint,
        uint128 amount
    ) internal view virtual {
        if (checkpoint != d.checkpoint) revert WrongCheckpoint(checkpoint, d.checkpoint);
        if (amount != d.due) revert WrongAmount(amount, d.due);
    }

    function _requireReporter(
        Download storage d,
        uint8 seeder
    ) internal view virtual override {
        if (msg.sender != d.seeders[seeder]) revert NotSeeder(msg.sender);
    }

    function _requireWithinReach(
        Download storage d,
        uint256 total
    ) internal view virtual override {
        if (d.mode == Mode.Upfront) return;
        uint256 limit = _nextThreshold(d, _nextSegment(d));
        if (total >= limit) revert BeyondSegment(total, limit);
    }

    function _requireCancellable(Download storage d) internal view virtual override {
        if (d.status != Status.PaymentFailed) super._requireCancellable(d);
    }

    // ----------------------------------------------------------------------- bytes and amounts

    /// @dev The end of the file is a checkpoint too, so that the tail is paid.
    function _isCheckpoint(Download storage d) internal view virtual returns (bool) {
        return d.total >= d.threshold || d.total == d.fileBytes;
    }

    /// @dev What this seeder has earned and not been paid, in base units. The price of all that it
    /// has delivered rounds down, once for each seeder, whatever the number of payments.
    function _unpaidShare(
        Download storage d,
        uint256 seeder
    ) internal view virtual returns (uint128) {
        return _priceOf(d, d.delivered[seeder]) - d.paid[seeder];
    }

    function _unpaidShares(
        Download storage d
    ) internal view virtual returns (uint128[SEEDERS_MAX] memory shares) {
        for (uint256 i = 0; i < d.seederCount; i++) shares[i] = _unpaidShare(d, i);
    }

    /// @dev What all seeders together have earned and not been paid, in base units. No more than
    /// the price of the file.
    function _dueOf(Download storage d) internal view virtual returns (uint128 due) {
        uint128[SEEDERS_MAX] memory shares = _unpaidShares(d);
        for (uint256 i = 0; i < d.seederCount; i++) due += shares[i];
    }

    function _nextThreshold(
        Download storage d,
        uint64 segment
    ) internal view virtual override returns (uint128) {
        return d.threshold + segment;
    }

    function _limited(uint256 segment) internal view virtual override returns (uint64) {
        return uint64(Math.min(segment, uint256(maxCheckpointMebibytes) * MEBIBYTE));
    }
}
