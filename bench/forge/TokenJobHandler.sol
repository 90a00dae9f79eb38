// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ITokenJob} from "src/token-job/ITokenJob.sol";
import {TokenJobAsDescribed} from "src/token-job/TokenJobAsDescribed.sol";
import {TokenJobHardened} from "src/token-job/TokenJobHardened.sol";

import {Handler} from "./Handler.sol";
import {TokenJobBooks} from "./TokenJobBooks.sol";
import {vm} from "./Vm.sol";

/// @title TokenJobHandler
/// @notice What Foundry calls: every action of token-job by any participant, around its boundaries.
contract TokenJobHandler is TokenJobBooks {
    constructor(
        address subject_,
        bool isHardened_,
        uint256 hostBps_,
        uint256 windowSeconds_
    ) TokenJobBooks(subject_, isHardened_, hostBps_, windowSeconds_) {}

    /// @inheritdoc Handler
    function actions() public pure override returns (bytes32[] memory names) {
        names = new bytes32[](8);
        names[0] = "approve";
        names[1] = "createSession";
        names[2] = "submitProof";
        names[3] = "endSession";
        names[4] = "timeout";
        names[5] = "withdrawEarnings";
        names[6] = "withdrawTreasury";
        names[7] = "claim";
    }

    function approve(uint256 index, uint256 by, uint256 amount) external {
        index = _pick(index);
        uint256 units = amount % 4 == 0 ? _terms[index].deposit : type(uint256).max;
        if (amount % 16 == 1) units = amount % 32 == 1 ? _terms[index].deposit - 1 : 0;
        _approve(tokenOf(index), _callBy(index, by, userOf(index)).by, units);
    }

    function createSession(uint256 index, uint256 by, uint256 wait, uint256 again) external {
        index = _pick(index);
        if (again % 4 != 0) _renew(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, userOf(index));
        bytes memory data = abi.encodeCall(ITokenJob.createSession, (_terms[index]));
        if (!_act("createSession", c, data)) return;
        Facts storage f = _facts[index];
        f.createCount++;
        f.createdAt = block.timestamp;
        _breaks(f.createCount > 1, "INV-SINGLE-USE");
        _breaks(c.by != userOf(index), "INV-CONSENT");
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        _judge(c, false);
    }

    function submitProof(
        uint256 index,
        uint256 by,
        uint256 wait,
        uint256 count,
        uint256 receipt
    ) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, hostOf(index));
        _prove(c, _count(index, count), isHardened ? receipt % 20 : 0);
    }

    function _prove(Call memory c, uint128 tokens, uint256 kind) private {
        Facts storage f = _facts[c.index];
        bytes memory data = isHardened
            ? abi.encodeCall(
                TokenJobHardened.submitProof,
                (ids[c.index], tokens, _receipt(c.index, tokens, kind))
            )
            : abi.encodeCall(TokenJobAsDescribed.submitProof, (ids[c.index], tokens));
        bool isGenuine = kind < GENUINE_BELOW;
        if (isGenuine && tokens > f.receipted) f.receipted = tokens;
        bool isDue = isHardened && c.by == hostOf(c.index) && isGenuine && tokens > f.proven
            && f.userEndedAt > 0 && !f.settledByHost
            && block.timestamp < f.userEndedAt + windowSeconds;
        _act("submitProof", c, data);
        _breaks(isDue && !c.ok, "INV-PROOF-WINDOW");
        if (!c.ok) return;
        _breaks(!isGenuine, "INV-RECEIPT-BINDING");
        _breaks(tokens <= f.proven, "INV-PROOF-MONOTONE");
        _breaks(_job(c.index).provenTokens != tokens, "INV-PROOF-MONOTONE");
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        f.proven = tokens;
        f.proofCount++;
        _judge(c, false);
        _judgeSplit(c.index);
    }

    function endSession(uint256 index, uint256 by, uint256 wait) external {
        if (by % 3 != 0) return this.submitProof(index, 0, wait, by / 3, 0);
        by /= 3;
        index = _pick(index);
        _pass(wait, _deadline(index));
        uint256 preferred = by % 2 == 0 ? userOf(index) : hostOf(index);
        _end(_callBy(index, by / 2, preferred));
    }

    function _end(Call memory c) private {
        Facts storage f = _facts[c.index];
        bool isDue = _endIsDue(c);
        _act("endSession", c, abi.encodeCall(ITokenJob.endSession, (ids[c.index])));
        _breaks(isDue && !c.ok, "INV-END-TOTAL");
        _judgeRecipients(c, isDue);
        if (!c.ok) return;
        _breaks(!isDue && _isOutsider(c), "INV-STRANGER-HARMLESS");
        if (c.by == userOf(c.index) && f.userEndedAt == 0) f.userEndedAt = block.timestamp;
        _over(c);
        _judge(c, false);
        _judgeBill(c.index);
    }

    function timeout(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        Facts storage f = _facts[index];
        Call memory c = _callBy(index, by, userOf(index));
        bool isDue = f.createdAt > 0 && f.settleCount == 0 && f.userEndedAt == 0
            && block.timestamp >= _expiresAt(index);
        _act("timeout", c, abi.encodeCall(ITokenJob.timeout, (ids[index])));
        _breaks(isDue != c.ok, "INV-TIMEOUT");
        _judgeRecipients(c, isDue);
        if (!c.ok) return;
        ITokenJob.Status status = _job(index).status;
        bool isProven = f.proofCount > 0;
        _breaks(isProven != (status == ITokenJob.Status.TimedOut), "INV-TIMEOUT");
        _breaks(!isProven && status != ITokenJob.Status.Abandoned, "INV-TIMEOUT");
        bool isEarly = f.createdAt == 0 || block.timestamp < _expiresAt(index);
        _breaks(isEarly && _isOutsider(c), "INV-STRANGER-HARMLESS");
        _over(c);
        _judge(c, false);
        _judgeBill(index);
    }

    function withdrawEarnings(uint256 index, uint256 by, uint256 to, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        _withdraw(_callBy(index, by, hostOf(index)), to, hostOf(index));
    }

    function withdrawTreasury(uint256 index, uint256 by, uint256 to, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        _withdraw(_callBy(index, by, TREASURY), to, TREASURY);
    }

    function _withdraw(Call memory c, uint256 to, uint256 owner) private {
        address recipient = _recipient(to, _actors[c.by]);
        uint256 had = _account(tokenOf(c.index), owner);
        if (owner == TREASURY) {
            bytes memory data =
                abi.encodeCall(ITokenJob.withdrawTreasury, (ids[c.index], recipient));
            _act("withdrawTreasury", c, data);
        } else {
            bytes memory data =
                abi.encodeCall(ITokenJob.withdrawEarnings, (ids[c.index], recipient));
            _act("withdrawEarnings", c, data);
        }
        if (!c.ok) return;
        _breaks(c.by != owner, "INV-EARNINGS");
        _breaks(_isOutsider(c) && c.by != owner, "INV-STRANGER-HARMLESS");
        _breaks(_paid(c) != had, "INV-EARNINGS");
        _breaks(had > 0 && _receivedBy(c, recipient) != had, "INV-EARNINGS");
        _withdrawn[tokenOf(c.index)][owner] += _paid(c);
        _judge(c, true);
    }

    function claim(uint256 index, uint256 by, uint256 to, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        _claim(_callBy(index, by, userOf(index)), to);
    }

    function _claim(Call memory c, uint256 to) private {
        address recipient = _recipient(to, _actors[c.by]);
        if (!_act("claim", c, abi.encodeCall(ITokenJob.claim, (ids[c.index], recipient)))) return;
        Facts storage f = _facts[c.index];
        if (_paid(c) > 0) f.refundCount++;
        _breaks(f.refundCount > 1, "INV-SETTLE-ONCE");
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        _judge(c, false);
    }

    /// @notice One party alone ends its job and fetches what it is owed.
    function leave(uint256 index, uint256 who, uint256 rarely) external {
        if (rarely % 8 != 0) return this.submitProof(index, 0, 12, who, rarely / 8);
        Call memory c;
        c.index = _pick(index);
        bool isUser = who % 2 == 0;
        c.by = isUser ? userOf(c.index) : hostOf(c.index);
        ITokenJob.Job memory j = _job(c.index);
        if (j.status == ITokenJob.Status.None) return;
        if (j.status == ITokenJob.Status.Active) {
            _end(c);
            j = _job(c.index);
        }
        if (j.status == ITokenJob.Status.Ending) {
            if (isUser && block.timestamp < j.endsAt) vm.warp(j.endsAt);
            _end(c);
        }
        uint256 token = tokenOf(c.index);
        if (!isUser && _account(token, c.by) > 0) _withdraw(c, 0, c.by);
        if (isUser && _job(c.index).claimUser > 0) _claim(c, 0);
        j = _job(c.index);
        bool isIn = j.status == ITokenJob.Status.Active || j.status == ITokenJob.Status.Ending;
        _breaks(isIn || (isUser ? j.claimUser : _account(token, c.by)) > 0, "INV-EXIT");
    }
}
