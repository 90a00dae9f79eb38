// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {TokenMover} from "../shared/TokenMover.sol";
import {ICheckpointDownload} from "./ICheckpointDownload.sol";

/// @title CheckpointDownloadBase
/// @notice A file that is paid as it arrives: seeders serve it up to a checkpoint, what has arrived
/// is paid, and serving goes on to the next one. Who reports progress, what is due at a checkpoint,
/// how it is paid and where the next one lies is the policy's business.
/// @dev Order of checks in every action: state, seeder named, caller, arguments, token. Order of
/// effects: state, event, token calls; all actions are guarded against re-entrancy besides. The one
/// thing that the state has to wait for is whether a payment arrives: until it has, it counts as
/// failed.
///
/// All loops run over the seeders of one download, of which there are at most eight.
abstract contract CheckpointDownloadBase is ICheckpointDownload, TokenMover, ReentrancyGuard {
    /// @dev The whole, in basis points.
    uint256 internal constant BPS = 10_000;
    /// @dev Largest growth of a segment, in basis points.
    uint256 internal constant GROWTH_BPS_MAX = 100_000;
    /// @dev Bytes in a MiB.
    uint256 internal constant MEBIBYTE = 2 ** 20;
    /// @dev Places in the arrays of a download.
    uint256 internal constant SEEDERS_MAX = 8;

    /// @notice The first segment must have at least this, in MiB.
    uint32 public immutable minCheckpointMebibytes;
    /// @notice No segment has more than this, in MiB, where the policy has a limit.
    uint32 public immutable maxCheckpointMebibytes;

    mapping(bytes32 id => Download) internal _downloads;

    constructor(uint32 minCheckpointMebibytes_, uint32 maxCheckpointMebibytes_) {
        if (minCheckpointMebibytes_ == 0 || maxCheckpointMebibytes_ == 0) {
            revert InvalidLimits(minCheckpointMebibytes_, maxCheckpointMebibytes_);
        }
        minCheckpointMebibytes = minCheckpointMebibytes_;
        maxCheckpointMebibytes = maxCheckpointMebibytes_;
    }

    // ------------------------------------------------------------------------------------- views

    /// @inheritdoc ICheckpointDownload
    function download(bytes32 id) external view virtual returns (Download memory) {
        return _downloads[id];
    }

    /// @inheritdoc ICheckpointDownload
    function downloadIdOf(Terms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    // ----------------------------------------------------------------------------------- actions

    /// @inheritdoc ICheckpointDownload
    function open(Terms calldata terms) public virtual nonReentrant returns (bytes32 id) {
        id = downloadIdOf(terms);
        Download storage d = _downloads[id];
        _requireUnused(id, d);
        if (msg.sender != terms.downloader) revert NotDownloader(msg.sender, terms.downloader);
        _requireSoundSeeders(terms);
        _requireSoundTerms(terms);

        _store(d, terms);
        emit Opened(
            id,
            terms.downloader,
            terms.token,
            terms.seeders.length,
            terms.fileBytes,
            terms.pricePerMebibyte
        );
        if (d.mode == Mode.Upfront) _awaitPayment(id, d, _priceOf(d, d.fileBytes));
    }

    /// @inheritdoc ICheckpointDownload
    function reportProgress(
        bytes32 id,
        uint8 seeder,
        uint64 deliveredBytes
    ) external virtual nonReentrant {
        Download storage d = _downloads[id];
        _requireServing(d);
        if (seeder >= d.seederCount) revert UnknownSeeder(seeder, d.seederCount);
        _requireReporter(d, seeder);
        _requireNewer(d, seeder, deliveredBytes);
        uint256 total = uint256(d.total) - d.delivered[seeder] + deliveredBytes;
        if (total > d.fileBytes) revert BeyondFile(total, d.fileBytes);
        _requireWithinReach(d, total);

        d.delivered[seeder] = deliveredBytes;
        d.total = uint64(total);
        emit ProgressReported(id, d.seeders[seeder], deliveredBytes, d.total);
        _progressed(id, d, seeder);
    }

    /// @inheritdoc ICheckpointDownload
    function retryPayment(
        bytes32 id,
        uint32 checkpoint,
        uint128 amount
    ) external virtual nonReentrant {
        Download storage d = _downloads[id];
        if (d.status != Status.PaymentFailed) revert NotFailed(d.status);
        _requireDownloader(d);
        _retry(id, d, checkpoint, amount);
    }

    /// @inheritdoc ICheckpointDownload
    function confirm(bytes32 id) external virtual nonReentrant {
        Download storage d = _downloads[id];
        _requireWaiting(d);
        if (!_isSeeder(d, msg.sender)) revert NotSeeder(msg.sender);
        if (d.pending == 0) revert NothingToConfirm();

        uint32 checkpoint = d.checkpoint;
        d.pending = 0;
        _credit(d);
        emit Confirmed(id, checkpoint);
    }

    /// @inheritdoc ICheckpointDownload
    function complete(bytes32 id) external virtual nonReentrant {
        Download storage d = _downloads[id];
        _requireServing(d);
        _requireParty(d);
        _requireWhole(d);

        uint128 refund = _end(d, Status.Completed);
        emit Completed(id, d.total, refund);
        _refund(id, d, refund);
    }

    /// @inheritdoc ICheckpointDownload
    function cancel(bytes32 id) external virtual nonReentrant {
        Download storage d = _downloads[id];
        _requireCancellable(d);
        _requireParty(d);

        uint128 refund = _end(d, Status.Cancelled);
        emit Cancelled(id, msg.sender, d.total, refund);
        _refund(id, d, refund);
    }

    /// @inheritdoc ICheckpointDownload
    function claim(bytes32 id, address to) external virtual nonReentrant {
        Download storage d = _downloads[id];
        uint256 amount = _takeClaim(d);
        if (amount == 0) revert NothingToClaim(msg.sender);
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);

        emit Claimed(id, msg.sender, to, amount);
        if (!_tryPay(IERC20(d.token), to, amount)) revert ClaimFailed(to, amount);
    }

    // ------------------------------------------------------------------------- what is required

    /// @dev An id is used once and for all: downloads that are over keep it.
    function _requireUnused(bytes32 id, Download storage d) internal view virtual {
        if (d.status != Status.None) revert DownloadExists(id);
    }

    function _requireSoundSeeders(Terms calldata terms) internal view virtual {
        uint256 count = terms.seeders.length;
        if (count == 0 || count > SEEDERS_MAX) revert InvalidSeeders(count, address(0));
        for (uint256 i = 0; i < count; i++) {
            address seeder = terms.seeders[i];
            bool sound = seeder != address(0) && seeder != terms.downloader &&
                seeder != address(this);
            for (uint256 j = 0; j < i; j++) sound = sound && seeder != terms.seeders[j];
            if (!sound) revert InvalidSeeders(count, seeder);
        }
    }

    /// @dev With at least one base unit a MiB for each seeder, and no segment below a MiB, every
    /// segment costs something, although each seeder's share of it rounds down.
    function _requireSoundTerms(Terms calldata terms) internal view virtual {
        if (terms.fileBytes == 0) revert ZeroFile();
        if (terms.pricePerMebibyte < terms.seeders.length) {
            revert ZeroPrice(terms.pricePerMebibyte, terms.seeders.length);
        }
        if (terms.firstMebibytes < minCheckpointMebibytes) {
            revert CheckpointTooSmall(terms.firstMebibytes, minCheckpointMebibytes);
        }
        if (terms.growthBps < BPS || terms.growthBps > GROWTH_BPS_MAX) {
            revert InvalidGrowth(terms.growthBps);
        }
        uint256 price = _price(terms.fileBytes, terms.pricePerMebibyte);
        if (price > type(uint128).max) revert AmountTooLarge(price);
    }

    function _requireServing(Download storage d) internal view virtual {
        if (d.status != Status.Serving) revert NotServing(d.status);
    }

    function _requireWaiting(Download storage d) internal view virtual {
        if (d.status != Status.WaitingForPayment) revert NotWaiting(d.status);
    }

    function _requireDownloader(Download storage d) internal view virtual {
        if (msg.sender != d.downloader) revert NotDownloader(msg.sender, d.downloader);
    }

    function _requireParty(Download storage d) internal view virtual {
        if (!_isParty(d, msg.sender)) revert NotParty(msg.sender);
    }

    /// @dev Who may report what this seeder has delivered.
    function _requireReporter(Download storage d, uint8 seeder) internal view virtual;

    /// @dev Reports are cumulative, so one that is repeated or overtaken reports nothing.
    function _requireNewer(
        Download storage d,
        uint8 seeder,
        uint64 deliveredBytes
    ) internal view virtual {
        uint64 before = d.delivered[seeder];
        if (deliveredBytes <= before) revert StaleProgress(deliveredBytes, before);
    }

    /// @dev How far a report may go beyond the threshold; `total` is what it would lead to.
    function _requireWithinReach(Download storage d, uint256 total) internal view virtual;

    function _requireWhole(Download storage d) internal view virtual {
        if (d.total != d.fileBytes) revert Incomplete(d.total, d.fileBytes);
    }

    /// @dev From where a download can be left.
    function _requireCancellable(Download storage d) internal view virtual {
        if (d.status != Status.Serving && d.status != Status.WaitingForPayment) {
            revert NotCancellable(d.status);
        }
    }

    // ------------------------------------------------------------------------- parts of actions

    /// @dev What follows from the progress of one seeder.
    function _progressed(bytes32 id, Download storage d, uint8 seeder) internal virtual;

    /// @dev Tries a failed payment again; state and caller are checked.
    function _retry(
        bytes32 id,
        Download storage d,
        uint32 checkpoint,
        uint128 amount
    ) internal virtual;

    function _store(Download storage d, Terms calldata terms) internal virtual {
        d.status = Status.Serving;
        d.mode = terms.mode;
        d.seederCount = uint8(terms.seeders.length);
        d.downloader = terms.downloader;
        d.fileBytes = terms.fileBytes;
        d.token = terms.token;
        d.growthBps = terms.growthBps;
        d.pricePerMebibyte = terms.pricePerMebibyte;
        for (uint256 i = 0; i < terms.seeders.length; i++) d.seeders[i] = terms.seeders[i];
        if (terms.mode == Mode.Upfront) return;
        d.segment = _limited(uint256(terms.firstMebibytes) * MEBIBYTE);
        d.threshold = d.segment;
    }

    /// @dev Stops serving until `amount` base units are paid; goes on if that is nothing.
    function _awaitPayment(bytes32 id, Download storage d, uint128 amount) internal virtual {
        if (amount == 0) return;
        d.status = Status.WaitingForPayment;
        d.due = amount;
        emit PaymentRequired(id, d.checkpoint, amount);
    }

    /// @dev Credits the payment that was due: everything delivered is billed, serving goes on.
    function _credit(Download storage d) internal virtual {
        d.status = Status.Serving;
        d.due = 0;
        d.checkpoint += 1;
        d.billed = d.total;
        if (d.mode == Mode.Upfront) return;
        d.segment = _nextSegment(d);
        d.threshold = _nextThreshold(d, d.segment);
    }

    /// @dev The download is over before any token is called.
    /// @return refund What is left of the lock, in base units.
    function _end(Download storage d, Status over) internal virtual returns (uint128 refund) {
        refund = d.locked;
        d.status = over;
        d.due = 0;
        d.pending = 0;
        d.locked = 0;
    }

    function _refund(bytes32 id, Download storage d, uint128 amount) internal virtual {
        uint128 deferred = _pushOrDefer(id, d, d.downloader, amount);
        if (deferred > 0) d.claimDownloader += deferred;
    }

    /// @dev Pays a share that is booked already.
    function _paySeeder(
        bytes32 id,
        Download storage d,
        uint256 seeder,
        uint128 share
    ) internal virtual {
        uint128 deferred = _pushOrDefer(id, d, d.seeders[seeder], share);
        if (deferred > 0) d.claims[seeder] += deferred;
    }

    /// @dev Pays all seeders their shares, in base units: books them first, then pushes them.
    function _paySeeders(
        bytes32 id,
        Download storage d,
        uint128[SEEDERS_MAX] memory shares
    ) internal virtual {
        uint256 count = d.seederCount;
        for (uint256 i = 0; i < count; i++) if (shares[i] > 0) d.paid[i] += shares[i];
        for (uint256 i = 0; i < count; i++) if (shares[i] > 0) _paySeeder(id, d, i, shares[i]);
    }

    /// @dev Pays `amount` base units to `owner`, or reports the whole amount as deferred.
    /// @return deferred What could not be paid, in base units: 0 or `amount`.
    function _pushOrDefer(
        bytes32 id,
        Download storage d,
        address owner,
        uint128 amount
    ) internal virtual returns (uint128 deferred) {
        if (amount == 0 || _tryPay(IERC20(d.token), owner, amount)) return 0;
        emit PaymentDeferred(id, owner, amount);
        return amount;
    }

    /// @dev Takes the caller's deferred share off the books.
    function _takeClaim(Download storage d) internal virtual returns (uint256 amount) {
        if (msg.sender == d.downloader) {
            amount = d.claimDownloader;
            d.claimDownloader = 0;
        } else if (_isSeeder(d, msg.sender)) {
            uint256 seeder = _placeOf(d, msg.sender);
            amount = d.claims[seeder];
            d.claims[seeder] = 0;
        }
    }

    // ------------------------------------------------------------------------------ who is who

    /// @dev A seeder's place in the terms; the number of seeders for somebody else.
    function _placeOf(Download storage d, address who) internal view returns (uint256 place) {
        uint256 count = d.seederCount;
        while (place < count && d.seeders[place] != who) place++;
    }

    function _isSeeder(Download storage d, address who) internal view returns (bool) {
        return _placeOf(d, who) < d.seederCount;
    }

    function _isParty(Download storage d, address who) internal view returns (bool) {
        return who == d.downloader || _isSeeder(d, who);
    }

    // ----------------------------------------------------------------------- bytes and amounts

    /// @dev Price of so many bytes, in base units; rounds down, for the downloader. Cannot
    /// overflow: the product has at most 192 bits.
    function _price(uint256 bytes_, uint256 pricePerMebibyte) internal pure returns (uint256) {
        return (bytes_ * pricePerMebibyte) / MEBIBYTE;
    }

    /// @dev Likewise for bytes of this download. Of no more than the file, which is all that is
    /// ever asked for, it fits into 128 bits.
    function _priceOf(
        Download storage d,
        uint256 bytes_
    ) internal view virtual returns (uint128) {
        return SafeCast.toUint128(_price(bytes_, d.pricePerMebibyte));
    }

    /// @dev Size of the segment after the current one, in bytes; rounds down.
    function _nextSegment(Download storage d) internal view virtual returns (uint64) {
        if (d.mode == Mode.Constant) return d.segment;
        return _limited((uint256(d.segment) * d.growthBps) / BPS);
    }

    /// @dev Where the next segment of so many bytes ends.
    function _nextThreshold(
        Download storage d,
        uint64 segment
    ) internal view virtual returns (uint128);

    /// @dev The size of a segment, in bytes, within the policy's limit.
    function _limited(uint256 segment) internal view virtual returns (uint64);
}
