// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {CheckpointDownloadBase} from "./CheckpointDownloadBase.sol";

/// @title CheckpointDownloadAsDescribed
/// @notice The checkpoint download as its description has it: the downloader's client meters, and
/// a payment is a reference with an amount, which is taken on trust.
/// @dev Much is left to trust. Nothing shows that bytes were delivered or tokens moved, a reference
/// can be presented again and again, segments grow without limit, what is reported beyond a
/// checkpoint is never billed, nobody has to pay the tail, and a payment that fails is the end.
contract CheckpointDownloadAsDescribed is CheckpointDownloadBase {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadBase(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    /// @notice Says that `amount` was paid, and sends `sent` to the seeders. Only the downloader,
    /// when a payment is due, or for the tail once the whole file is reported; needs an allowance
    /// of `sent` base units. If the token does not move, the payment has failed for good.
    /// @param paymentReference What the downloader calls the payment; nobody looks at it.
    /// @param amount What is due, in base units.
    /// @param sent What is really sent, in base units; not more than `amount`.
    function pay(
        bytes32 id,
        bytes32 paymentReference,
        uint128 amount,
        uint128 sent
    ) external virtual nonReentrant {
        Download storage d = _downloads[id];
        uint128 due = _payable(d);
        if (due == 0) revert NotWaiting(d.status);
        if (d.pending > 0) revert AlreadyPending(d.pending);
        _requireDownloader(d);
        if (amount != due || sent > amount) revert WrongAmount(amount, due);

        d.status = Status.PaymentFailed;
        d.due = amount;
        if (sent > 0 && !_tryPull(IERC20(d.token), d.downloader, sent)) {
            emit PaymentFailed(id, d.checkpoint, amount);
            return;
        }
        d.status = Status.WaitingForPayment;
        d.pending = amount;
        emit PaymentReported(id, paymentReference, amount, sent);
        _paySeeders(id, d, _sharesOf(d, sent));
    }

    function _retry(
        bytes32,
        Download storage,
        uint32,
        uint128
    ) internal virtual override {
        revert NoRetry();
    }

    /// @dev A checkpoint costs its nominal segment, whatever was reported beyond it. Not more than
    /// the file, as so much was delivered in this segment alone.
    function _progressed(bytes32 id, Download storage d, uint8) internal virtual override {
        if (d.mode == Mode.Upfront || d.total < d.threshold) return;
        _awaitPayment(id, d, _priceOf(d, d.segment));
    }

    // ------------------------------------------------------------------------- what is required

    function _requireReporter(Download storage d, uint8) internal view virtual override {
        _requireDownloader(d);
    }

    function _requireWithinReach(Download storage d, uint256) internal view virtual override {}

    // ----------------------------------------------------------------------- bytes and amounts

    /// @dev What can be paid now, in base units: what is due, or the tail of a file that was
    /// reported as whole.
    function _payable(Download storage d) internal view virtual returns (uint128) {
        if (d.status == Status.WaitingForPayment) return d.due;
        bool isTail = d.status == Status.Serving && d.mode != Mode.Upfront &&
            d.total == d.fileBytes;
        return isTail ? _priceOf(d, d.total - d.billed) : 0;
    }

    /// @dev Who gets what of `sent` base units, all of which goes to somebody.
    function _sharesOf(
        Download storage d,
        uint128 sent
    ) internal view virtual returns (uint128[SEEDERS_MAX] memory shares) {
        uint256 last = d.seederCount - 1;
        uint128 left = sent;
        for (uint256 i = 0; i < last; i++) {
            shares[i] = d.mode == Mode.Upfront
                ? sent / d.seederCount
                : uint128(Math.min(_unpaidShare(d, i), left));
            left -= shares[i];
        }
        shares[last] = left;
    }

    /// @dev What this seeder has earned and not been paid, in base units; nothing if it was paid
    /// more. Rounds down, as an equal part of what is sent upfront does.
    function _unpaidShare(
        Download storage d,
        uint256 seeder
    ) internal view virtual returns (uint128) {
        uint128 price = _priceOf(d, d.delivered[seeder]);
        return uint128(Math.saturatingSub(price, d.paid[seeder]));
    }

    /// @dev Counted from the bytes at the time of the payment.
    function _nextThreshold(
        Download storage d,
        uint64 segment
    ) internal view virtual override returns (uint128) {
        return uint128(d.total) + segment;
    }

    /// @dev No limit but that of the number.
    function _limited(uint256 segment) internal view virtual override returns (uint64) {
        return uint64(Math.min(segment, type(uint64).max));
    }
}
