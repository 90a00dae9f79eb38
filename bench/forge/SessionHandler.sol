// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionEscrow} from "src/session-escrow/ISessionEscrow.sol";

import {Handler} from "./Handler.sol";
import {SessionBooks} from "./SessionBooks.sol";
import {vm} from "./Vm.sol";

/// @title SessionHandler
/// @notice What Foundry calls: every action of session-escrow by anybody, around its boundaries.
contract SessionHandler is SessionBooks {
    constructor(
        address subject_,
        bool isHardened_,
        ISessionEscrow.Deployment memory deployment,
        uint256 evidenceWindowSeconds_
    ) SessionBooks(subject_, isHardened_, deployment, evidenceWindowSeconds_) {}

    /// @inheritdoc Handler
    function actions() public pure override returns (bytes32[] memory names) {
        names = new bytes32[](7);
        names[0] = "deposit";
        names[1] = "join";
        names[2] = "topUp";
        names[3] = "stop";
        names[4] = "settle";
        names[5] = "cancel";
        names[6] = "claim";
    }

    function deposit(
        uint256 index,
        uint256 by,
        uint256 amount,
        uint256 wait,
        uint256 again
    ) external {
        index = _pick(index);
        if (again % 4 != 0) _renew(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, studentOf(index));
        uint128 units = _amount(index, amount);
        bytes memory data = abi.encodeCall(ISessionEscrow.deposit, (_terms[index], units));
        if (!_act("deposit", c, data)) return;
        Facts storage f = _facts[index];
        f.fundedAt = block.timestamp;
        _breaks(++f.depositCount > 1, "INV-SINGLE-USE");
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        _judge(c);
    }

    function join(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        bool isTutors = _facts[index].studentJoinedAt > 0;
        Call memory c = _callBy(index, by, isTutors ? tutorOf(index) : studentOf(index));
        if (!_act("join", c, abi.encodeCall(ISessionEscrow.join, (ids[index])))) return;
        Facts storage f = _facts[index];
        if (c.by == studentOf(index)) f.studentJoinedAt = block.timestamp;
        else if (c.by == tutorOf(index)) f.tutorJoinedAt = block.timestamp;
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        _judge(c);
    }

    function topUp(uint256 index, uint256 by, uint256 amount, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, studentOf(index));
        uint128 units = _amount(index, amount);
        if (!_act("topUp", c, abi.encodeCall(ISessionEscrow.topUp, (ids[index], units)))) return;
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        _judge(c);
    }

    function stop(uint256 index, uint256 by, uint256 wait, uint256 pings) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        uint256 party = by % 2 == 0 ? studentOf(index) : tutorOf(index);
        _stop(_callBy(index, by / 2, party), pings);
    }

    function _stop(Call memory c, uint256 pings) private {
        Facts storage f = _facts[c.index];
        uint256 proven = type(uint256).max;
        bytes memory data = abi.encodeWithSignature("stop(bytes32)", ids[c.index]);
        if (isHardened) (data, proven) = _stopWithPings(c.index, pings);
        bool isRunning = block.timestamp < _capAt(c.index);
        if (!_act("stop", c, data)) return;
        _breaks(proven == 0, "INV-BINDING");
        if (f.stoppedAt == 0) f.stoppedAt = block.timestamp;
        if (proven > f.provenUntil) f.provenUntil = proven;
        bool isStranger = _isOutsider(c) && c.by != RELAYER;
        _breaks(isStranger && isRunning, "INV-STRANGER-HARMLESS");
        _judge(c);
    }

    function settle(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        uint256 party = by % 2 == 0 ? studentOf(index) : tutorOf(index);
        _settle(_callBy(index, by / 2, party));
    }

    function _settle(Call memory c) private {
        ISessionEscrow.Session memory s = _session(c.index);
        bool isStopped = s.status == ISessionEscrow.Status.Stopping;
        uint256 until = _least(s.evidenceUntil, s.stoppedAt + evidenceWindowSeconds);
        bool isDue = isStopped && block.timestamp >= until;
        _act("settle", c, abi.encodeCall(ISessionEscrow.settle, (ids[c.index])));
        _breaks(isDue && !c.ok, "INV-SETTLE-TOTAL");
        _judgeRecipients(c, isDue);
        if (!c.ok) return;
        _breaks(!isStopped && _isOutsider(c), "INV-STRANGER-HARMLESS");
        _facts[c.index].settleCount++;
        _judge(c);
        _judgeBill(c.index);
    }

    function cancel(uint256 index, uint256 by, uint256 wait, uint256 rarely) external {
        if (rarely % 8 != 0) return this.join(index, by, wait);
        index = _pick(index);
        _pass(wait, _deadline(index));
        _cancel(_callBy(index, by, studentOf(index)));
    }

    function _cancel(Call memory c) private {
        Facts storage f = _facts[c.index];
        bool isFunded = _session(c.index).status == ISessionEscrow.Status.Funded;
        bool isLate = block.timestamp > f.fundedAt + _deployment.startWindowSeconds;
        bool isDue = isFunded && (c.by == studentOf(c.index) || isLate);
        _act("cancel", c, abi.encodeCall(ISessionEscrow.cancel, (ids[c.index])));
        _breaks(isDue && !c.ok, "INV-NO-SHOW-REFUND");
        _judgeRecipients(c, isDue);
        if (!c.ok) return;
        _breaks(_isOutsider(c) && !isDue, "INV-STRANGER-HARMLESS");
        f.cancelCount++;
        _judge(c);
        uint256 refund = f.paidStudent + _session(c.index).claimStudent;
        _breaks(isFunded && refund != f.deposited, "INV-NO-SHOW-REFUND");
    }

    function claim(uint256 index, uint256 by, uint256 to) external {
        index = _pick(index);
        uint256 how = by % 3;
        uint256 owner = how == 0 ? studentOf(index) : how == 1 ? tutorOf(index) : PLATFORM;
        _claim(_callBy(index, by / 3, owner), to);
    }

    function _claim(Call memory c, uint256 to) private {
        address recipient = _recipient(to, _actors[c.by]);
        bytes memory data = abi.encodeCall(ISessionEscrow.claim, (ids[c.index], recipient));
        if (!_act("claim", c, data)) return;
        _breaks(_isOutsider(c) && c.by != PLATFORM, "INV-STRANGER-HARMLESS");
        _judge(c);
    }

    /// @notice One party alone ends its session and fetches what it is owed.
    function leave(uint256 index, uint256 who, uint256 rarely) external {
        if (rarely % 8 != 0) return this.join(index, who, rarely / 8);
        Call memory c;
        c.index = _pick(index);
        bool isStudent = who % 2 == 0;
        c.by = isStudent ? studentOf(c.index) : tutorOf(c.index);
        ISessionEscrow.Session memory s = _session(c.index);
        if (s.status == ISessionEscrow.Status.Idle) return;
        if (s.status == ISessionEscrow.Status.Funded) {
            uint256 until = s.fundedAt + uint256(_deployment.startWindowSeconds) + 1;
            if (!isStudent && block.timestamp < until) vm.warp(until);
            _cancel(c);
        }
        // Without pings: what is owed then is what the start proves.
        if (s.status == ISessionEscrow.Status.Active) _stop(c, 0);
        s = _session(c.index);
        if (s.status == ISessionEscrow.Status.Stopping) {
            if (block.timestamp < s.evidenceUntil) vm.warp(s.evidenceUntil);
            _settle(c);
        }
        s = _session(c.index);
        if ((isStudent ? s.claimStudent : s.claimTutor) > 0) _claim(c, 0);
        s = _session(c.index);
        bool isIn = s.status == ISessionEscrow.Status.Funded
            || s.status == ISessionEscrow.Status.Active
            || s.status == ISessionEscrow.Status.Stopping;
        _breaks(isIn || (isStudent ? s.claimStudent : s.claimTutor) > 0, "INV-EXIT");
    }
}
