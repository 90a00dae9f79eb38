// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICheckpointDownload} from "src/checkpoint-download/ICheckpointDownload.sol";

import {Handler} from "./Handler.sol";

/// @title CheckpointDownloadBooks
/// @notice The downloads of the handler, the books kept of them from outside, and the claims.
abstract contract CheckpointDownloadBooks is Handler {
    struct Facts {
        uint256 openCount;
        uint256 taken;
        /// Paid to the downloader, and to others without a share.
        uint256 paidDownloader;
        uint256 paidOther;
        uint256 endCount;
        /// Payments after which serving went on, and what was reported in all at the last.
        uint256 credits;
        uint256 totalAtCredit;
    }

    uint256 internal constant DOWNLOADS = 7;
    uint256 internal constant ACTORS = 6;
    /// Participants: two downloaders, three seeders, a stranger.
    uint256 internal constant SEEDER = 2;
    uint256 internal constant MEBIBYTE = 1 << 20;

    uint256 public immutable maxSegment;
    ICheckpointDownload.Terms[] internal _terms;
    bytes32[] public ids;
    Facts[] internal _facts;
    uint256[] private _tokenOf;
    uint256[] private _downloaderOf;
    /// By place of the seeder in the download.
    mapping(uint256 index => uint256[8]) internal _reported;
    mapping(uint256 index => uint256[8]) internal _paidTo;

    constructor(
        address subject_,
        bool isHardened_,
        uint256 maxMebibytes
    ) Handler(subject_, isHardened_, ACTORS, _refused()) {
        maxSegment = maxMebibytes * MEBIBYTE;
        _add(0, 2, 1, PLAIN, 20 * MEBIBYTE, 1_000, ICheckpointDownload.Mode.Exponential);
        _add(0, 2, 2, LONG, 9 * MEBIBYTE + 5, 333, ICheckpointDownload.Mode.Exponential);
        _add(1, 2, 3, PLAIN, 6 * MEBIBYTE, 7, ICheckpointDownload.Mode.Constant);
        _add(1, 2, 2, REFUSING, 8 * MEBIBYTE, 100, ICheckpointDownload.Mode.Exponential);
        _add(0, 2, 1, REENTRANT, 5 * MEBIBYTE, 1_000, ICheckpointDownload.Mode.Upfront);
        _add(1, 3, 2, PLAIN, 3 * MEBIBYTE + 1, 101, ICheckpointDownload.Mode.Upfront);
        _add(0, 3, 1, FEE, 4 * MEBIBYTE, 1_000, ICheckpointDownload.Mode.Exponential);
    }

    /// @dev One seeder cannot be paid in the token that refuses.
    function _refused() private pure returns (address[] memory refused) {
        refused = new address[](1);
        refused[0] = _addressOf(3);
    }

    function _add(
        uint256 downloader,
        uint256 firstSeeder,
        uint256 seeders,
        uint256 token,
        uint256 fileBytes,
        uint128 price,
        ICheckpointDownload.Mode mode
    ) private {
        _terms.push();
        ICheckpointDownload.Terms storage t = _terms[_terms.length - 1];
        t.downloader = _actors[downloader];
        t.token = address(_tokens[token]);
        for (uint256 i = 0; i < seeders; i++) t.seeders.push(_actors[firstSeeder + i]);
        t.fileBytes = uint64(fileBytes);
        t.pricePerMebibyte = price;
        t.mode = mode;
        t.firstMebibytes = token == PLAIN ? 2 : 1;
        t.growthBps = token == LONG ? 15_000 : 20_000;
        t.salt = ids.length;
        ids.push(ICheckpointDownload(subject).downloadIdOf(t));
        _facts.push();
        _tokenOf.push(token);
        _downloaderOf.push(downloader);
    }

    /// @dev What the policy as described cannot keep.
    function _promises(bytes32 claim) internal view override returns (bool) {
        if (isHardened) return true;
        return claim == "INV-CONSERVATION" || claim == "INV-SOLVENCY" || claim == "INV-CAP"
            || claim == "INV-DUST" || claim == "INV-ISOLATION" || claim == "INV-SINGLE-USE"
            || claim == "INV-DEBIT" || claim == "INV-STRANGER-HARMLESS"
            || claim == "INV-PROGRESS" || claim == "INV-SETTLE-ONCE";
    }

    /// @dev A download that is over, with nothing left to claim, makes room for another like it.
    function _renew(uint256 index) internal {
        if (_facts[index].endCount == 0) return;
        ICheckpointDownload.Download memory d = _download(index);
        if (_claims(d) > 0) return;
        _terms[index].salt += DOWNLOADS;
        ids[index] = ICheckpointDownload(subject).downloadIdOf(_terms[index]);
        delete _facts[index];
        delete _reported[index];
        delete _paidTo[index];
        _forget(index);
    }

    function tokenOf(uint256 index) public view override returns (uint256) {
        return _tokenOf[index];
    }

    function downloaderOf(uint256 index) public view returns (uint256) {
        return _downloaderOf[index];
    }

    function _seeders(uint256 index) internal view returns (uint256) {
        return _terms[index].seeders.length;
    }

    /// @dev Which participant is the seeder at this place.
    function _seederAt(uint256 index, uint256 place) internal view returns (uint256) {
        return _actorOf(_terms[index].seeders[place]);
    }

    function _agreements() internal pure override returns (uint256) {
        return DOWNLOADS;
    }

    function _view(uint256 index) internal view override returns (bytes memory) {
        return _read(abi.encodeCall(ICheckpointDownload.download, (ids[index])));
    }

    function _download(
        uint256 index
    ) internal view returns (ICheckpointDownload.Download memory) {
        return ICheckpointDownload(subject).download(ids[index]);
    }

    function _isUpfront(uint256 index) internal view returns (bool) {
        return _terms[index].mode == ICheckpointDownload.Mode.Upfront;
    }

    function _placeOf(uint256 index, uint256 by) internal view returns (uint256 place) {
        while (place < _seeders(index) && _seederAt(index, place) != by) place++;
    }

    function _isParty(Call memory c) internal view returns (bool) {
        return c.by == downloaderOf(c.index) || _placeOf(c.index, c.by) < _seeders(c.index);
    }

    function _total(uint256 index) internal view returns (uint256 total) {
        for (uint256 i = 0; i < _seeders(index); i++) total += _reported[index][i];
    }

    function _paidInAll(uint256 index) internal view returns (uint256 paid) {
        ICheckpointDownload.Download memory d = _download(index);
        for (uint256 i = 0; i < _seeders(index); i++) paid += _paidTo[index][i] + d.claims[i];
    }

    function _price(uint256 index, uint256 bytes_) internal view returns (uint256) {
        return (bytes_ * _terms[index].pricePerMebibyte) / MEBIBYTE;
    }

    /// @dev The n-th checkpoint of the terms, in bytes from the start.
    function _checkpoint(uint256 index, uint256 n) internal view returns (uint256 at) {
        ICheckpointDownload.Terms storage t = _terms[index];
        uint256 segment = _least(t.firstMebibytes * MEBIBYTE, maxSegment);
        for (uint256 i = 0; i < n; i++) {
            at += segment;
            if (t.mode == ICheckpointDownload.Mode.Constant) continue;
            segment = _least((segment * t.growthBps) / 10_000, maxSegment);
        }
    }

    /// @dev What the seeders have earned and not been paid.
    function _owed(uint256 index) internal view returns (uint256 owed) {
        ICheckpointDownload.Download memory d = _download(index);
        for (uint256 i = 0; i < _seeders(index); i++) {
            uint256 price = _price(index, _reported[index][i]);
            uint256 has = _paidTo[index][i] + d.claims[i];
            if (price > has) owed += price - has;
        }
    }

    // ---------------------------------------------------------------------------------- claims

    /// @dev After each accepted call, whose report is booked already.
    function _judge(Call memory c, uint256 mayTake) internal {
        Facts storage f = _facts[c.index];
        ICheckpointDownload.Download memory d = _download(c.index);
        _book(c);
        _breaks(_lost(c) > mayTake, "INV-DEBIT");
        _breaks(!_isParty(c) || f.paidOther > 0, "INV-STRANGER-HARMLESS");
        _breaks(f.endCount > 1, "INV-SETTLE-ONCE");
        _judgeShares(c.index, d);
        _judgeMeters(c.index, d);
        _judgeAll(c.index);
    }

    /// @dev What has left the participants.
    function _lost(Call memory c) internal pure returns (uint256 units) {
        for (uint256 a = 0; a < ACTORS; a++) {
            if (c.moved[a] < 0) units += uint256(-c.moved[a]);
        }
    }

    function _book(Call memory c) private {
        Facts storage f = _facts[c.index];
        f.taken += _lost(c);
        uint256 paid = _received(c, ACTORS);
        if (paid > 0) {
            // Claimed to somewhere else: it is the money of who claims.
            uint256 place = _placeOf(c.index, c.by);
            if (c.by == downloaderOf(c.index)) f.paidDownloader += paid;
            else if (place < _seeders(c.index)) _paidTo[c.index][place] += paid;
            else f.paidOther += paid;
        }
        for (uint256 a = 0; a < ACTORS; a++) {
            uint256 units = _received(c, a);
            if (units == 0) continue;
            uint256 place = _placeOf(c.index, a);
            if (a == downloaderOf(c.index)) f.paidDownloader += units;
            else if (place < _seeders(c.index)) _paidTo[c.index][place] += units;
            else f.paidOther += units;
        }
    }

    function _judgeShares(uint256 index, ICheckpointDownload.Download memory d) private {
        Facts storage f = _facts[index];
        uint256 price = _terms[index].pricePerMebibyte;
        uint256 out = f.paidDownloader + f.paidOther;
        uint256 shares;
        for (uint256 i = 0; i < _seeders(index); i++) {
            uint256 share = _paidTo[index][i] + d.claims[i];
            shares += share;
            out += _paidTo[index][i];
            bool isMore = share * MEBIBYTE > _reported[index][i] * price;
            _breaks(isMore, "INV-PAY-FOR-DELIVERED");
        }
        _breaks(f.taken != out + _locked(d), "INV-CONSERVATION");
        _breaks(shares * MEBIBYTE > d.fileBytes * price, "INV-CAP");
        bool isOver = d.status == ICheckpointDownload.Status.Completed
            || d.status == ICheckpointDownload.Status.Cancelled;
        bool isSplit = shares + f.paidDownloader + d.claimDownloader == f.taken;
        _breaks(isOver && !isSplit, "INV-DUST");
        if (d.status != ICheckpointDownload.Status.Completed) return;
        uint256 whole = _price(index, d.fileBytes);
        _breaks(shares > whole || whole - shares >= _seeders(index), "INV-WHOLE-PRICE");
    }

    function _judgeMeters(uint256 index, ICheckpointDownload.Download memory d) private {
        Facts storage f = _facts[index];
        if (f.openCount == 0) return;
        uint256 total;
        for (uint256 i = 0; i < _seeders(index); i++) {
            total += d.delivered[i];
            _breaks(d.delivered[i] != _reported[index][i], "INV-METER");
        }
        _breaks(total != d.total || total > d.fileBytes, "INV-PROGRESS");
        if (_isUpfront(index)) return;
        bool isFar = total >= f.totalAtCredit + 2 * maxSegment;
        _breaks(isFar || d.segment > maxSegment, "INV-SEGMENT-CAP");
    }

    /// @dev A payment falls due at the checkpoints of the terms and at the end of the file.
    function _judgeSchedule(uint256 index) internal {
        if (_isUpfront(index)) return;
        ICheckpointDownload.Download memory d = _download(index);
        uint256 n = _facts[index].credits;
        uint256 total = _total(index);
        bool isReached = total >= _checkpoint(index, n + 1) || total == d.fileBytes;
        bool isDue = d.status == ICheckpointDownload.Status.WaitingForPayment;
        _breaks(isDue != (isReached && _owed(index) > 0), "INV-SCHEDULE");
        _breaks(total >= _checkpoint(index, n + 2), "INV-SCHEDULE");
    }

    /// @dev After a payment that was credited each seeder has what it delivered is worth.
    function _judgeExact(uint256 index) internal {
        ICheckpointDownload.Download memory d = _download(index);
        for (uint256 i = 0; i < _seeders(index); i++) {
            uint256 share = _paidTo[index][i] + d.claims[i];
            _breaks(share != _price(index, _reported[index][i]), "INV-SHARE-EXACT");
        }
    }

    function _lockedBy(bytes memory answer) internal pure override returns (uint256) {
        return _locked(abi.decode(answer, (ICheckpointDownload.Download)));
    }

    function _locked(ICheckpointDownload.Download memory d) internal pure returns (uint256) {
        return d.locked + _claims(d);
    }

    function _claims(
        ICheckpointDownload.Download memory d
    ) internal pure returns (uint256 claims) {
        claims = d.claimDownloader;
        for (uint256 i = 0; i < d.seederCount; i++) claims += d.claims[i];
    }
}
