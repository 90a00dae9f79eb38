// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldAsDescribed} from "src/attendance-hold/AttendanceHoldAsDescribed.sol";
import {AttendanceHoldHardened} from "src/attendance-hold/AttendanceHoldHardened.sol";
import {IAttendanceHold} from "src/attendance-hold/IAttendanceHold.sol";

import {AttendanceHoldBooks} from "./AttendanceHoldBooks.sol";
import {Handler} from "./Handler.sol";
import {vm} from "./Vm.sol";

/// @title AttendanceHoldHandler
/// @notice What Foundry calls: every action of attendance-hold by anybody, around its boundaries.
contract AttendanceHoldHandler is AttendanceHoldBooks {
    bytes32 private constant ATTENDANCE_TYPEHASH =
        keccak256("Attendance(bytes32 holdId,uint32 index,uint64 joinedAt,uint64 leftAt)");
    bytes32 private constant FINISH_TYPEHASH = keccak256("Finish(bytes32 holdId,uint64 endedAt)");

    constructor(
        address subject_,
        bool isHardened_,
        IAttendanceHold.Config memory config
    ) AttendanceHoldBooks(subject_, isHardened_, config) {}

    /// @inheritdoc Handler
    function actions() public pure override returns (bytes32[] memory names) {
        names = new bytes32[](6);
        names[0] = "purchase";
        names[1] = "recordAttendance";
        names[2] = "finishSession";
        names[3] = "process";
        names[4] = "refundUnfinished";
        names[5] = "claim";
    }

    function purchase(uint256 index, uint256 by, uint256 again, uint256 ahead) external {
        index = _pick(index);
        if (again % 4 != 0) _renew(index, ahead % 64);
        Call memory c = _callBy(index, by, studentOf(index));
        if (!_act("purchase", c, abi.encodeCall(IAttendanceHold.purchase, (_terms[index])))) return;
        _breaks(++_facts[index].purchaseCount > 1, "INV-SINGLE-USE");
        _judge(c, false);
    }

    function recordAttendance(
        uint256 index,
        uint256 by,
        uint256 wait,
        uint256 interval,
        uint256 kind
    ) external {
        index = _pick(index);
        _passInto(index, wait);
        Call memory c = _callBy(index, by, ATTESTOR);
        if (isHardened) {
            _record(c, _interval(index, interval), kind % KINDS);
            return;
        }
        AttendanceHoldAsDescribed.Kind what = kind % 2 == 0
            ? AttendanceHoldAsDescribed.Kind.Joined
            : AttendanceHoldAsDescribed.Kind.Left;
        uint64 at = uint64(block.timestamp - (interval % 60));
        bytes memory data =
            abi.encodeCall(AttendanceHoldAsDescribed.recordAttendance, (ids[index], what, at));
        if (_act("recordAttendance", c, data)) _judge(c, false);
    }

    /// @dev Into the session, if it is about to begin.
    function _passInto(uint256 index, uint256 wait) private {
        uint256 startsAt = _terms[index].startsAt;
        if (_isHeld(index) && block.timestamp <= startsAt && wait % 2 == 0) {
            vm.warp(startsAt + 1 + ((wait / 2) % 300));
            return;
        }
        _pass(wait / 2, _deadline(index));
    }

    /// @dev The next record, up to the threshold, overlapping, early, in the future, or once more.
    function _interval(uint256 index, uint256 drawn) private view returns (Record memory r) {
        Record[] storage records = _records[index];
        Facts storage f = _facts[index];
        uint256 how = drawn % 16;
        uint256 more = drawn / 16;
        if (how == 15 && records.length > 0) return records[more % records.length];
        uint256 startsAt = _terms[index].startsAt;
        uint256 from = f.lastLeftAt > startsAt ? f.lastLeftAt : startsAt;
        uint256 joined = from + (how % 2) * (more % 30);
        if (how == 12) joined = from - 1 - (more % 10);
        uint256 left = joined + 1 + ((more / 30) % 200);
        uint256 due = (uint256(_config.sessionSeconds) * _config.thresholdBps) / 10_000;
        uint256 union_ = _union(index);
        if (how < 4 && due > union_) left = joined + due - union_ - (how == 3 ? 1 : 0);
        if (how == 13) left = block.timestamp + 1 + (more % 5);
        if (how == 14) left = block.timestamp;
        // As far as a record can go now, mostly.
        uint256 most = f.endedAt > 0 ? f.endedAt : block.timestamp;
        if (how > 3 && how < 12 && left > most && most > joined) left = most;
        r = Record(uint32(records.length + (how == 11 ? 1 : 0)), uint64(joined), uint64(left));
    }

    function _record(Call memory c, Record memory r, uint256 kind) private {
        Facts storage f = _facts[c.index];
        bytes memory data = abi.encodeCall(
            AttendanceHoldHardened.recordAttendance,
            (ids[c.index], r.number, r.joinedAt, r.leftAt, _attestation(c.index, r, kind))
        );
        bool isGenuine = kind < GENUINE_BELOW;
        bool isOver = f.finishedAt > 0 && block.timestamp >= _recordsUntil(c.index);
        bool isDue = isGenuine && _isHeld(c.index) && !isOver && _isSound(c.index, r);
        uint256 attended = _hold(c.index).attendedSeconds;
        _act("recordAttendance", c, data);
        _breaks(isDue && !c.ok, "INV-WINDOW");
        if (!c.ok) return;
        _breaks(isOver, "INV-WINDOW");
        _breaks(!isGenuine, "INV-BINDING");
        bool isAgain = _wasAccepted(c.index, r);
        _breaks(isAgain && _hold(c.index).attendedSeconds != attended, "INV-EVENT-ONCE");
        _records[c.index].push(r);
        f.lastLeftAt = r.leftAt;
        _judge(c, isGenuine);
    }

    function _isSound(uint256 index, Record memory r) private view returns (bool) {
        Facts storage f = _facts[index];
        uint256 startsAt = _terms[index].startsAt;
        return r.number == _records[index].length && r.joinedAt >= startsAt
            && r.joinedAt >= f.lastLeftAt && r.leftAt > r.joinedAt && r.leftAt <= block.timestamp
            && (f.endedAt == 0 || r.leftAt <= f.endedAt);
    }

    function _wasAccepted(uint256 index, Record memory r) private view returns (bool) {
        Record[] storage records = _records[index];
        for (uint256 i = 0; i < records.length; i++) {
            Record storage was = records[i];
            bool isSame = was.number == r.number && was.joinedAt == r.joinedAt
                && was.leftAt == r.leftAt;
            if (isSame) return true;
        }
        return false;
    }

    function _attestation(
        uint256 index,
        Record memory r,
        uint256 kind
    ) private view returns (bytes memory) {
        Record memory other = Record(r.number, r.joinedAt, r.leftAt - 1);
        bytes32 foreign = ids[(index + 1) % HOLDS];
        return _attested(
            index,
            _recordHash(ids[index], r),
            _recordHash(ids[index], other),
            _recordHash(foreign, r),
            kind
        );
    }

    function _recordHash(bytes32 id, Record memory r) private pure returns (bytes32) {
        return keccak256(abi.encode(ATTENDANCE_TYPEHASH, id, r.number, r.joinedAt, r.leftAt));
    }

    function finishSession(
        uint256 index,
        uint256 by,
        uint256 wait,
        uint256 end,
        uint256 kind
    ) external {
        index = _pick(index);
        _passInto(index, wait);
        Call memory c = _callBy(index, by, by % 2 == 0 ? ATTESTOR : teacherOf(index));
        uint256 how = end % 8;
        uint256 endedAt = block.timestamp - (how < 4 ? 0 : (end / 8) % 60);
        if (how == 6) endedAt = _terms[index].startsAt + (end / 8) % 2;
        if (how == 7) endedAt = block.timestamp + 1;
        _finish(c, uint64(endedAt), kind % KINDS);
    }

    function _finish(Call memory c, uint64 endedAt, uint256 kind) private {
        bytes memory data = isHardened
            ? abi.encodeCall(
                AttendanceHoldHardened.finishSession,
                (ids[c.index], endedAt, _ending(c.index, endedAt, kind))
            )
            : abi.encodeCall(AttendanceHoldAsDescribed.finishSession, (ids[c.index]));
        if (!_act("finishSession", c, data)) return;
        bool isGenuine = kind < GENUINE_BELOW;
        _breaks(!isGenuine, "INV-BINDING");
        Facts storage f = _facts[c.index];
        f.finishedAt = block.timestamp;
        f.endedAt = isHardened ? endedAt : block.timestamp;
        if (f.endedAt < _terms[c.index].startsAt) f.endedAt = _terms[c.index].startsAt;
        _judge(c, isGenuine);
    }

    function _ending(
        uint256 index,
        uint64 endedAt,
        uint256 kind
    ) private view returns (bytes memory) {
        bytes32 foreign = ids[(index + 1) % HOLDS];
        return _attested(
            index,
            keccak256(abi.encode(FINISH_TYPEHASH, ids[index], endedAt)),
            keccak256(abi.encode(FINISH_TYPEHASH, ids[index], endedAt - 1)),
            keccak256(abi.encode(FINISH_TYPEHASH, foreign, endedAt)),
            kind
        );
    }

    function process(uint256 index, uint256 by, uint256 wait, uint256 release) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        _process(_callBy(index, by, KEEPER), release % 2 == 0);
    }

    function _process(Call memory c, bool release) private {
        Facts storage f = _facts[c.index];
        uint256 until = _recordsUntil(c.index);
        bool isOpen = block.timestamp >= until + _config.keeperWindowSeconds;
        bool isFinished = _isHeld(c.index) && f.finishedAt > 0 && block.timestamp >= until;
        bool isDue = isFinished && (isOpen || c.by == KEEPER);
        bytes memory data = isHardened
            ? abi.encodeCall(AttendanceHoldHardened.process, (ids[c.index]))
            : abi.encodeCall(AttendanceHoldAsDescribed.process, (ids[c.index], release));
        _act("process", c, data);
        _judgeRecipients(c, isDue);
        if (!c.ok) return;
        _breaks(block.timestamp < until, "INV-WINDOW");
        f.endCount++;
        f.isReleased = _hold(c.index).status == IAttendanceHold.Status.Released;
        uint256 startsAt = _terms[c.index].startsAt;
        uint256 length = f.endedAt > startsAt ? f.endedAt - startsAt : 0;
        uint256 judged = length > _config.sessionSeconds ? length : _config.sessionSeconds;
        bool isAttended = _union(c.index) * 10_000 >= judged * _config.thresholdBps;
        _breaks(f.endCount == 1 && f.isReleased != isAttended, "INV-THRESHOLD");
        _judge(c, isDue);
    }

    function refundUnfinished(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        _refund(_callBy(index, by, by % 2 == 0 ? KEEPER : studentOf(index)));
    }

    function _refund(Call memory c) private {
        Facts storage f = _facts[c.index];
        bool isUnfinished = _isHeld(c.index) && f.finishedAt == 0;
        bool isDue = isUnfinished && block.timestamp >= _noShowAt(c.index);
        bytes memory data = abi.encodeCall(IAttendanceHold.refundUnfinished, (ids[c.index]));
        _act("refundUnfinished", c, data);
        _breaks(isUnfinished && isDue != c.ok, "INV-NO-SHOW");
        _judgeRecipients(c, isDue);
        if (!c.ok) return;
        f.endCount++;
        _judge(c, isDue);
    }

    function claim(uint256 index, uint256 by, uint256 to) external {
        index = _pick(index);
        uint256 how = by % 4;
        uint256 party = how == 0 ? studentOf(index) : teacherOf(index);
        uint256 owner = how < 2 ? party : how == 2 ? REFERRER : PLATFORM;
        _claim(_callBy(index, by / 4, owner), to);
    }

    function _claim(Call memory c, uint256 to) private {
        address recipient = to % 4 == 3 ? _actors[c.by] : ELSEWHERE;
        bytes memory data = abi.encodeCall(IAttendanceHold.claim, (ids[c.index], recipient));
        if (!_act("claim", c, data)) return;
        bool isOwner = !_isOutsider(c) && c.by != ATTESTOR && c.by != KEEPER;
        _breaks(!isOwner, "INV-STRANGER-HARMLESS");
        _judge(c, false);
    }

    /// @notice Student or teacher alone gets out, and fetches what it is owed.
    function leave(uint256 index, uint256 who, uint256 rarely) external {
        if (rarely % 8 != 0 || !isHardened) {
            return this.recordAttendance(index, 0, who, rarely / 8, 0);
        }
        Call memory c;
        c.index = _pick(index);
        bool isStudent = who % 2 == 0;
        c.by = isStudent ? studentOf(c.index) : teacherOf(c.index);
        if (_facts[c.index].purchaseCount == 0) return;
        if (_isHeld(c.index)) {
            bool isFinished = _facts[c.index].finishedAt > 0;
            uint256 until = isFinished
                ? _recordsUntil(c.index) + _config.keeperWindowSeconds
                : _noShowAt(c.index);
            if (block.timestamp < until) vm.warp(until);
            if (isFinished) _process(c, true);
            else _refund(c);
            _breaks(!c.ok, "INV-EXIT");
        }
        IAttendanceHold.Hold memory h = _hold(c.index);
        if ((isStudent ? h.claimStudent : h.claimTeacher) > 0) _claim(c, 0);
        h = _hold(c.index);
        _breaks((isStudent ? h.claimStudent : h.claimTeacher) > 0, "INV-EXIT");
    }
}
