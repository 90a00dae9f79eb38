// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProgressiveEscrow} from "src/progressive-escrow/IProgressiveEscrow.sol";

import {Handler} from "./Handler.sol";
import {ProgressiveEscrowBooks} from "./ProgressiveEscrowBooks.sol";
import {vm} from "./Vm.sol";

/// @title ProgressiveEscrowHandler
/// @notice What Foundry calls: every action of progressive-escrow by anybody, around its
/// boundaries.
contract ProgressiveEscrowHandler is ProgressiveEscrowBooks {
    constructor(
        address subject_,
        bool isHardened_,
        IProgressiveEscrow.Deployment memory deployment
    ) ProgressiveEscrowBooks(subject_, isHardened_, deployment) {}

    /// @inheritdoc Handler
    function actions() public pure override returns (bytes32[] memory names) {
        names = new bytes32[](12);
        names[0] = "create";
        names[1] = "start";
        names[2] = "heartbeat";
        names[3] = "release";
        names[4] = "pause";
        names[5] = "resume";
        names[6] = "pauseOnTimeout";
        names[7] = "complete";
        names[8] = "autoComplete";
        names[9] = "cancel";
        names[10] = "emergencyRelease";
        names[11] = "claim";
    }

    function create(uint256 index, uint256 by, uint256 again) external {
        index = _pick(index);
        if (again % 4 != 0) _renew(index, again % 4 == 1 && (again / 4) % 4 == 0);
        Call memory c = _callBy(index, by, studentOf(index));
        if (!_act("create", c, abi.encodeCall(IProgressiveEscrow.create, (_terms[index])))) return;
        Facts storage f = _facts[index];
        f.createCount++;
        f.createdAt = block.timestamp;
        _breaks(++_fundedCount[studentOf(index)][_terms[index].nonce] > 1, "INV-SINGLE-USE");
        _judge(c, false);
    }

    /// @dev Mostly little time, or everybody would be silent for too long.
    function _wait(uint256 index, uint256 wait) private {
        if (wait % 3 == 0) _pass(wait / 12, _deadline(index, wait / 3));
    }

    /// @dev Mostly whoever was not seen of late.
    function _party(uint256 index, uint256 by) private view returns (Call memory) {
        Facts storage f = _facts[index];
        bool isStudents = f.studentAt < f.mentorAt || (f.studentAt == f.mentorAt && by % 2 == 0);
        if (by % 8 == 7) isStudents = !isStudents;
        return _callBy(index, by / 8, isStudents ? studentOf(index) : mentorOf(index));
    }

    function start(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _wait(index, wait);
        Call memory c = _party(index, by);
        if (!_act("start", c, abi.encodeCall(IProgressiveEscrow.start, (ids[index])))) return;
        _sign(c);
        Facts storage f = _facts[index];
        if (_isActive(index)) {
            f.startedAt = block.timestamp;
            _beginStretch(f);
            _breaks(f.studentAt == 0 || f.mentorAt == 0, "INV-CONSENT");
        }
        _judge(c, false);
    }

    function _isActive(uint256 index) private view returns (bool) {
        return _session(index).status == IProgressiveEscrow.Status.Active;
    }

    function _isRunning(uint256 index) private view returns (bool) {
        return _isActive(index) || _session(index).status == IProgressiveEscrow.Status.Paused;
    }

    function heartbeat(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _wait(index, wait);
        Call memory c = _party(index, by);
        if (!_act("heartbeat", c, abi.encodeCall(IProgressiveEscrow.heartbeat, (ids[index])))) {
            return;
        }
        _sign(c);
        _judge(c, false);
    }

    function release(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _wait(index, wait);
        Call memory c = _party(index, by);
        _act("release", c, abi.encodeCall(IProgressiveEscrow.release, (ids[index])));
        _judgeRecipients(c, false);
        if (!c.ok) return;
        Facts storage f = _facts[index];
        bool isGhost = f.studentAt == 0 || f.mentorAt == 0
            || block.timestamp > _least(f.studentAt, f.mentorAt) + tolerance;
        _breaks(isGhost, "INV-NO-GHOST");
        _judge(c, false);
    }

    function pause(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _wait(index, wait);
        Call memory c = _party(index, by);
        Facts storage f = _facts[index];
        if (!_act("pause", c, abi.encodeCall(IProgressiveEscrow.pause, (ids[index])))) return;
        bool isQuiet = _isQuiet(f);
        _endStretch(f);
        if (!isQuiet) f.interruptedAt = block.timestamp;
        _judge(c, false);
    }

    function pauseOnTimeout(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _wait(index, wait);
        Call memory c = _party(index, by);
        Facts storage f = _facts[index];
        uint256 older = _least(f.studentAt, f.mentorAt);
        uint256 newer = f.studentAt > f.mentorAt ? f.studentAt : f.mentorAt;
        bool isDue = _isActive(index) && block.timestamp > (isHardened ? older : newer) + tolerance;
        bytes memory data = abi.encodeCall(IProgressiveEscrow.pauseOnTimeout, (ids[index]));
        if (!_act("pauseOnTimeout", c, data)) return;
        uint256 latest = older + _deployment.heartbeatInterval;
        if (f.isRunning && f.since > latest) latest = f.since;
        _breaks(_session(index).pausedAt > latest, "INV-TIMEOUT-STAMP");
        _endStretch(f);
        _judge(c, isDue);
    }

    function resume(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        // At times in the second of the pause.
        if (by % 4 != 0) _wait(index, wait);
        Call memory c = _party(index, by / 4);
        if (!_act("resume", c, abi.encodeCall(IProgressiveEscrow.resume, (ids[index])))) return;
        Facts storage f = _facts[index];
        if (!_isActive(index)) {
            _sign(c);
        } else if (f.interruptedAt == block.timestamp) {
            f.isRunning = true;
            f.counted = f.countedBefore;
            f.interruptedAt = 0;
            _sign(c);
        } else {
            _sign(c);
            f.pausedSeconds += block.timestamp - f.pausedFrom;
            f.interruptedAt = 0;
            _beginStretch(f);
        }
        bool isAlone = f.studentAt == 0 || f.mentorAt == 0;
        _breaks(_isActive(index) && isAlone, "INV-CONSENT");
        _judge(c, false);
    }

    function complete(uint256 index, uint256 by, uint256 wait, uint256 rating) external {
        if (by % 2 == 0) return this.heartbeat(index, 0, wait);
        index = _pick(index);
        _wait(index, wait);
        _complete(_callBy(index, by / 2, studentOf(index)), uint8(rating % 7));
    }

    function _complete(Call memory c, uint8 rating) private {
        bool isRated = rating > 0 && rating < 6;
        bool isDue = _isRunning(c.index) && c.by == studentOf(c.index) && isRated;
        bytes memory data =
            abi.encodeCall(IProgressiveEscrow.complete, (ids[c.index], rating, bytes32(0)));
        _act("complete", c, data);
        _breaks(isDue && !c.ok, "INV-COMPLETE-TOTAL");
        _judgeRecipients(c, isDue);
        if (c.ok) _over(c, false);
    }

    function _over(Call memory c, bool isDueToOutsider) private {
        _endStretch(_facts[c.index]);
        _facts[c.index].endCount++;
        _judge(c, isDueToOutsider);
        _judgeEnd(c.index);
    }

    function autoComplete(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _wait(index, wait);
        _autoComplete(_party(index, by));
    }

    function _autoComplete(Call memory c) private {
        Facts storage f = _facts[c.index];
        bool isDue = _isRunning(c.index) && block.timestamp >= _autoCompleteFrom(c.index);
        uint256 from = f.startedAt + _agreed(c.index) + f.pausedSeconds
            + _deployment.autoReleaseDelay;
        _act("autoComplete", c, abi.encodeCall(IProgressiveEscrow.autoComplete, (ids[c.index])));
        _judgeRecipients(c, false);
        if (!c.ok) return;
        _breaks(block.timestamp < from, "INV-AUTO-COMPLETE");
        _over(c, isDue);
    }

    function cancel(uint256 index, uint256 by, uint256 wait) external {
        if (by % 4 != 0) return this.start(index, 0, wait);
        index = _pick(index);
        _wait(index, wait);
        _cancel(_party(index, by / 4));
    }

    function _cancel(Call memory c) private {
        Facts storage f = _facts[c.index];
        bool isCreated = _session(c.index).status == IProgressiveEscrow.Status.Created;
        bool isDue = isCreated && _isParty(c);
        _act("cancel", c, abi.encodeCall(IProgressiveEscrow.cancel, (ids[c.index])));
        _breaks(_isParty(c) && isDue != c.ok, "INV-NO-SHOW-REFUND");
        _judgeRecipients(c, isDue);
        if (!c.ok) return;
        _endStretch(f);
        f.endCount++;
        _judge(c, false);
        IProgressiveEscrow.Session memory s = _session(c.index);
        uint256 gross = _gross(c.index, s);
        uint256 rest = f.deposited > gross ? f.deposited - gross : 0;
        _breaks(f.paidStudent + s.claimStudent != rest, "INV-NO-SHOW-REFUND");
    }

    function emergencyRelease(uint256 index, uint256 by, uint256 amount) external {
        if (by % 4 != 0) return this.release(index, 0, amount);
        index = _pick(index);
        Call memory c = _callBy(index, by / 4, OWNER);
        Facts storage f = _facts[index];
        uint256 gross = _gross(index, _session(index));
        uint256 left = f.deposited > gross ? f.deposited - gross : 0;
        uint256 how = amount % 8;
        uint256 units = how == 0 ? left : how == 1 ? left + 1 + (amount / 8) % 100 : amount / 8;
        if (how > 2) units = (amount / 8) % (left + 1);
        bytes memory data =
            abi.encodeCall(IProgressiveEscrow.emergencyRelease, (ids[index], uint128(units)));
        _act("emergencyRelease", c, data);
        _judgeRecipients(c, false);
        if (!c.ok) return;
        f.emergency += uint128(units);
        _breaks(uint128(units) > left, "INV-OWNER-BOUNDED");
        if (!isHardened) f.locked = 0;
        _judge(c, c.by == OWNER);
    }

    function claim(uint256 index, uint256 by, uint256 to) external {
        index = _pick(index);
        uint256 how = by % 3;
        uint256 party = how == 0 ? studentOf(index) : mentorOf(index);
        _claim(_callBy(index, by / 3, how == 2 ? PLATFORM : party), to);
    }

    function _claim(Call memory c, uint256 to) private {
        address recipient = to % 4 == 3 ? _actors[c.by] : ELSEWHERE;
        bytes memory data = abi.encodeCall(IProgressiveEscrow.claim, (ids[c.index], recipient));
        if (_act("claim", c, data)) _judge(c, c.by == PLATFORM);
    }

    /// @notice One party alone ends its session, as soon as it may, and fetches what it is owed.
    function leave(uint256 index, uint256 who, uint256 rarely) external {
        if (rarely % 16 != 0 || !isHardened) return this.resume(index, 0, rarely / 16);
        Call memory c;
        c.index = _pick(index);
        bool isStudent = who % 2 == 0;
        c.by = isStudent ? studentOf(c.index) : mentorOf(c.index);
        IProgressiveEscrow.Session memory s = _session(c.index);
        if (s.status == IProgressiveEscrow.Status.None) return;
        bool isIn = true;
        if (s.status == IProgressiveEscrow.Status.Created) {
            _cancel(c);
        } else if (_isRunning(c.index) && isStudent) {
            _complete(c, 5);
        } else if (_isRunning(c.index)) {
            uint256 from = _autoCompleteFrom(c.index);
            if (block.timestamp < from) vm.warp(from);
            _autoComplete(c);
        } else {
            isIn = false;
        }
        _breaks(isIn && !c.ok, "INV-EXIT");
        s = _session(c.index);
        if ((isStudent ? s.claimStudent : s.claimMentor) > 0) _claim(c, 0);
        s = _session(c.index);
        _breaks((isStudent ? s.claimStudent : s.claimMentor) > 0, "INV-EXIT");
    }
}
