// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CheckpointDownloadAsDescribed} from
    "src/checkpoint-download/CheckpointDownloadAsDescribed.sol";
import {CheckpointDownloadHardened} from "src/checkpoint-download/CheckpointDownloadHardened.sol";
import {ICheckpointDownload} from "src/checkpoint-download/ICheckpointDownload.sol";

import {CheckpointDownloadBooks} from "./CheckpointDownloadBooks.sol";
import {Handler} from "./Handler.sol";
import {vm} from "./Vm.sol";

/// @title CheckpointDownloadHandler
/// @notice What Foundry calls: every action of checkpoint-download by anybody, around its
/// boundaries.
contract CheckpointDownloadHandler is CheckpointDownloadBooks {
    constructor(
        address subject_,
        bool isHardened_,
        uint256 maxMebibytes
    ) CheckpointDownloadBooks(subject_, isHardened_, maxMebibytes) {}

    /// @inheritdoc Handler
    function actions() public view override returns (bytes32[] memory names) {
        names = new bytes32[](7);
        names[0] = "open";
        names[1] = "reportProgress";
        names[2] = "pay";
        names[3] = "complete";
        names[4] = "cancel";
        names[5] = "claim";
        // A failed payment can be tried again in one policy, a payment is confirmed in the other.
        names[6] = isHardened ? bytes32("retryPayment") : bytes32("confirm");
    }

    function open(uint256 index, uint256 by, uint256 again) external {
        index = _pick(index);
        if (again % 4 != 0) _renew(index);
        Call memory c = _callBy(index, by, downloaderOf(index));
        if (!_act("open", c, abi.encodeCall(ICheckpointDownload.open, (_terms[index])))) return;
        _breaks(++_facts[index].openCount > 1, "INV-SINGLE-USE");
        _judge(c, 0);
    }

    function reportProgress(uint256 index, uint256 by, uint256 place, uint256 size) external {
        index = _pick(index);
        place = place % 16 == 15 ? (place / 16) % 4 : place % _seeders(index);
        uint256 at = _least(place, _seeders(index) - 1);
        Call memory c =
            _callBy(index, by, isHardened ? _seederAt(index, at) : downloaderOf(index));
        _report(c, place, _size(index, at, size));
    }

    /// @dev Bytes in all: a little more, up to a checkpoint or to the end, stale, or beyond.
    function _size(uint256 index, uint256 place, uint256 drawn) private view returns (uint64) {
        uint256 was = _reported[index][place];
        uint256 total = _total(index);
        uint256 file = _terms[index].fileBytes;
        uint256 next = _checkpoint(index, _facts[index].credits + 1);
        uint256 how = drawn % 16;
        uint256 more = drawn / 16;
        if (how < 4) return uint64(was + 1 + (more % MEBIBYTE));
        if (how < 9) return uint64(was + (next > total ? next - total : 1) + (more % 3) - 1);
        if (how < 11) return uint64(was + (file > total ? file - total : 0));
        if (how == 11) return uint64(was - _least(was, more % 3));
        if (how == 12) return uint64(was + 2 * (next > total ? next - total : 1) + (more % 3));
        if (how == 13) return uint64(file - total + was + 1);
        return uint64(was + (more % (4 * MEBIBYTE)));
    }

    function _report(Call memory c, uint256 place, uint64 size) private {
        uint256 i = c.index;
        ICheckpointDownload.Download memory d = _download(i);
        bytes memory data =
            abi.encodeCall(ICheckpointDownload.reportProgress, (ids[i], uint8(place), size));
        bool isDue = _isSound(c, place, size, d);
        _act("reportProgress", c, data);
        bool isServing = d.status == ICheckpointDownload.Status.Serving;
        _breaks(isDue && isServing && !c.ok, "INV-PAUSE");
        if (!c.ok) return;
        _breaks(d.due > 0, "INV-PAUSE");
        _breaks(place >= _seeders(i) || c.by != _seederAt(i, place), "INV-METER");
        _breaks(size < _reported[i][place], "INV-PROGRESS");
        bool isPaid = _facts[i].taken == _price(i, d.fileBytes);
        _breaks(_isUpfront(i) && !isPaid, "INV-UPFRONT");
        _reported[i][place] = size;
        _judge(c, 0);
        _judgeSchedule(i);
    }

    /// @dev A report that its author may make while nothing is due.
    function _isSound(
        Call memory c,
        uint256 place,
        uint64 size,
        ICheckpointDownload.Download memory d
    ) private view returns (bool) {
        if (place >= _seeders(c.index) || c.by != _seederAt(c.index, place)) return false;
        uint256 was = _reported[c.index][place];
        if (size <= was || d.due > 0) return false;
        uint256 total = _total(c.index) - was + size;
        if (total > d.fileBytes) return false;
        bool isNear = total < _checkpoint(c.index, _facts[c.index].credits + 2);
        return _isUpfront(c.index) || isNear;
    }

    function pay(uint256 index, uint256 by, uint256 how) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, downloaderOf(index));
        ICheckpointDownload.Download memory d = _download(index);
        // At times an amount or a checkpoint that is not due, or an allowance that is short.
        uint128 amount = d.due;
        if (how % 16 == 1) amount -= amount > 0 ? 1 : 0;
        if (how % 16 == 2) amount += 1;
        uint32 checkpoint = how % 16 == 3 ? d.checkpoint + 1 : d.checkpoint;
        if (how % 16 == 4 && checkpoint > 0) checkpoint -= 1;
        if (how % 8 == 7) _allow(index, 0);
        if (isHardened) {
            _pay(c, "pay", checkpoint, amount);
        } else {
            _payAndSay(c, how / 16);
        }
        if (how % 8 == 7) _allow(index, type(uint256).max);
    }

    function retryPayment(uint256 index, uint256 by, uint256 how) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, downloaderOf(index));
        ICheckpointDownload.Download memory d = _download(index);
        if (how % 8 == 7) _allow(index, 0);
        if (isHardened) _pay(c, "retryPayment", d.checkpoint, d.due + (how % 16 == 1 ? 1 : 0));
        if (how % 8 == 7) _allow(index, type(uint256).max);
    }

    function _allow(uint256 index, uint256 units) private {
        vm.prank(_actors[downloaderOf(index)]);
        _tokens[tokenOf(index)].approve(subject, units);
    }

    function _pay(Call memory c, bytes32 action, uint32 checkpoint, uint128 amount) private {
        uint256 i = c.index;
        ICheckpointDownload.Download memory d = _download(i);
        bool isRetry = action == "retryPayment";
        bytes memory data = isRetry
            ? abi.encodeCall(ICheckpointDownload.retryPayment, (ids[i], checkpoint, amount))
            : abi.encodeCall(CheckpointDownloadHardened.pay, (ids[i], checkpoint, amount));
        bool isOpen = d.status == (isRetry
            ? ICheckpointDownload.Status.PaymentFailed
            : ICheckpointDownload.Status.WaitingForPayment);
        bool isDue = isOpen && c.by == downloaderOf(i) && checkpoint == d.checkpoint
            && amount == d.due && tokenOf(i) != FEE;
        _act(action, c, data);
        _breaks(isDue && isRetry && !c.ok, "INV-RETRY");
        _breaks(isDue && tokenOf(i) == REFUSING && !c.ok, "INV-RECIPIENT-ISOLATION");
        if (!c.ok) return;
        _paid(c, d, checkpoint);
        _judge(c, c.by == downloaderOf(i) ? amount : 0);
        ICheckpointDownload.Download memory is_ = _download(i);
        if (is_.status != ICheckpointDownload.Status.Serving) return;
        _judgeExact(i);
        // Only the seeder that is refused, the second of the download in this token, has to wait.
        bool isLeft = tokenOf(i) == REFUSING && is_.claims[0] > 0;
        _breaks(isLeft, "INV-RECIPIENT-ISOLATION");
    }

    function _paid(
        Call memory c,
        ICheckpointDownload.Download memory d,
        uint32 checkpoint
    ) private {
        Facts storage f = _facts[c.index];
        uint256 sent = _lost(c);
        bool isServing = _download(c.index).status == ICheckpointDownload.Status.Serving;
        _breaks(isServing != (sent > 0 && sent == d.due), "INV-PAUSE");
        _breaks(isServing && (sent != d.due || checkpoint != f.credits), "INV-PAID-ONCE");
        if (!isServing) return;
        f.credits++;
        f.totalAtCredit = _total(c.index);
    }

    /// @dev As described: what is sent may be less than what is said, down to nothing.
    function _payAndSay(Call memory c, uint256 how) private {
        uint256 i = c.index;
        ICheckpointDownload.Download memory d = _download(i);
        bool isWaiting = d.status == ICheckpointDownload.Status.WaitingForPayment;
        uint128 amount = isWaiting ? d.due : uint128(_price(i, d.total - d.billed));
        uint128 sent = how % 4 == 0 ? amount / 2 : how % 8 == 1 ? 0 : amount;
        bytes memory data = abi.encodeCall(
            CheckpointDownloadAsDescribed.pay, (ids[i], bytes32(how % 8), amount, sent)
        );
        if (_act("pay", c, data)) _judge(c, c.by == downloaderOf(i) ? sent : 0);
    }

    function confirm(uint256 index, uint256 by, uint256 place) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, _seederAt(index, place % _seeders(index)));
        if (!_act("confirm", c, abi.encodeCall(ICheckpointDownload.confirm, (ids[index])))) return;
        _facts[index].credits++;
        _facts[index].totalAtCredit = _total(index);
        _judge(c, 0);
    }

    function complete(uint256 index, uint256 by, uint256 place) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, _someParty(index, place));
        _end(c, "complete", abi.encodeCall(ICheckpointDownload.complete, (ids[index])));
    }

    function cancel(uint256 index, uint256 by, uint256 place, uint256 rarely) external {
        if (rarely % 8 != 0) return this.pay(index, 0, 0);
        index = _pick(index);
        Call memory c = _callBy(index, by, _someParty(index, place));
        _end(c, "cancel", abi.encodeCall(ICheckpointDownload.cancel, (ids[index])));
    }

    function _someParty(uint256 index, uint256 place) private view returns (uint256) {
        uint256 which = place % (_seeders(index) + 1);
        return which == 0 ? downloaderOf(index) : _seederAt(index, which - 1);
    }

    function _end(Call memory c, bytes32 action, bytes memory data) private {
        bool isFailed =
            _download(c.index).status == ICheckpointDownload.Status.PaymentFailed;
        _act(action, c, data);
        bool isDue = isFailed && action == "cancel" && _isParty(c);
        _breaks(isDue && !c.ok, "INV-RETRY");
        if (!c.ok) return;
        _facts[c.index].endCount++;
        _judge(c, 0);
    }

    function claim(uint256 index, uint256 by, uint256 place, uint256 to) external {
        index = _pick(index);
        _claim(_callBy(index, by, _someParty(index, place)), to);
    }

    function _claim(Call memory c, uint256 to) private {
        address recipient = to % 4 == 3 ? _actors[c.by] : ELSEWHERE;
        bytes memory data = abi.encodeCall(ICheckpointDownload.claim, (ids[c.index], recipient));
        if (_act("claim", c, data)) _judge(c, 0);
    }

    /// @notice One party alone ends its download at once and fetches what it is owed.
    function leave(uint256 index, uint256 place, uint256 rarely) external {
        if (rarely % 16 != 0 || !isHardened) {
            return this.reportProgress(index, 0, place, rarely / 16);
        }
        Call memory c;
        c.index = _pick(index);
        c.by = _someParty(c.index, place);
        ICheckpointDownload.Download memory d = _download(c.index);
        if (d.status == ICheckpointDownload.Status.None) return;
        bool isIn = d.status != ICheckpointDownload.Status.Completed
            && d.status != ICheckpointDownload.Status.Cancelled;
        if (isIn) _end(c, "cancel", abi.encodeCall(ICheckpointDownload.cancel, (ids[c.index])));
        _breaks(isIn && !c.ok, "INV-EXIT");
        if (_claimOf(c) > 0) _claim(c, 0);
        _breaks(_claimOf(c) > 0, "INV-EXIT");
    }

    function _claimOf(Call memory c) private view returns (uint256) {
        ICheckpointDownload.Download memory d = _download(c.index);
        if (c.by == downloaderOf(c.index)) return d.claimDownloader;
        return d.claims[_placeOf(c.index, c.by)];
    }
}
