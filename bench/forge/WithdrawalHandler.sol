// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IWithdrawal} from "src/withdrawal/IWithdrawal.sol";

import {Handler} from "./Handler.sol";
import {vm} from "./Vm.sol";
import {WithdrawalBooks} from "./WithdrawalBooks.sol";

/// @title WithdrawalHandler
/// @notice What Foundry calls: every action of withdrawal by anybody, around its boundaries.
contract WithdrawalHandler is WithdrawalBooks {
    constructor(
        address subject_,
        bool isHardened_,
        IWithdrawal.Config memory config
    ) WithdrawalBooks(subject_, isHardened_, config) {}

    /// @inheritdoc Handler
    function actions() public view override returns (bytes32[] memory names) {
        // As described, nothing is taken back.
        names = new bytes32[](isHardened ? 9 : 7);
        names[0] = "credit";
        names[1] = "request";
        names[2] = "approve";
        names[3] = "reject";
        names[4] = "complete";
        names[5] = "withdrawCommission";
        names[6] = "claim";
        if (!isHardened) return names;
        names[7] = "bankFailed";
        names[8] = "cancel";
    }

    function credit(uint256 index, uint256 by, uint256 amount) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, PLATFORM);
        IWithdrawal.Terms storage t = _terms[index];
        uint256 how = amount % 16;
        uint128 gross = uint128(how == 0 ? 0 : how == 1 ? amount : 1 + ((amount / 16) % 5_000));
        if (!_act("credit", c, abi.encodeCall(IWithdrawal.credit, (t.teacher, t.token, gross)))) {
            return;
        }
        Purse storage p = _purse(index);
        uint256 has = IWithdrawal(subject).commissionOf(t.token);
        uint256 was = _commissionDue[tokenOf(index)];
        uint256 fee = has > was ? has - was : 0;
        uint256 scaled = uint256(gross) * commissionBps;
        _breaks(fee * 10_000 > scaled || scaled >= (fee + 1) * 10_000, "INV-FEE");
        p.credited += _taken(c);
        p.commission += scaled / 10_000;
        _commissionDue[tokenOf(index)] = has;
        _judge(c);
    }

    function request(
        uint256 index,
        uint256 by,
        uint256 wait,
        uint256 amount,
        uint256 again
    ) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        _renew(index, amount, again % 4 != 0);
        Call memory c = _callBy(index, by, teacherOf(index));
        Facts storage f = _facts[index];
        uint256 a = _terms[index].amount;
        bool isDue = f.requestCount == 0 && c.by == teacherOf(index) && a >= minimumUnits
            && a <= _available(index);
        _act("request", c, abi.encodeCall(IWithdrawal.request, (_terms[index])));
        _breaks(isDue && !c.ok, "INV-MINIMUM");
        if (!c.ok) return;
        Purse storage p = _purse(index);
        _breaks(a < minimumUnits, "INV-MINIMUM");
        _breaks(++f.requestCount > 1, "INV-SINGLE-USE");
        _breaks(c.by != teacherOf(index), "INV-ADMIN");
        p.open += a;
        _breaks(p.withdrawn + p.open > p.credited - p.commission, "INV-RESERVED");
        _judge(c);
    }

    function approve(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, ADMIN + (by / 5) % 2);
        if (!_act("approve", c, abi.encodeCall(IWithdrawal.approve, (ids[index])))) return;
        _breaks(!_isAdmin(c.by), "INV-ADMIN");
        Facts storage f = _facts[index];
        _breaks(f.endCount > 0, "INV-SETTLE-ONCE");
        f.isProcessing = true;
        f.approvedAt = block.timestamp;
        _purse(index).processing += _terms[index].amount;
        _judge(c);
    }

    function reject(uint256 index, uint256 by, uint256 wait) external {
        if (wait % 3 != 0) return this.approve(index, by, wait / 3);
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, ADMIN + (by / 5) % 2);
        bool isDue = _isOpen(index) && !_facts[index].isProcessing && _isAdmin(c.by);
        bytes memory data = abi.encodeCall(IWithdrawal.reject, (ids[index]));
        _void("reject", c, data, isDue);
        _breaks(c.ok && !_isAdmin(c.by), "INV-ADMIN");
    }

    function bankFailed(uint256 index, uint256 by, uint256 wait) external {
        if (by % 3 != 0) return this.complete(index, 0, wait, by);
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, BANK);
        bool isDue = _isOpen(index) && _facts[index].isProcessing && c.by == BANK;
        bytes memory data = abi.encodeCall(IWithdrawal.bankFailed, (ids[index]));
        _void("bankFailed", c, data, isDue);
        _breaks(c.ok && c.by != BANK, "INV-ADMIN");
    }

    function cancel(uint256 index, uint256 by, uint256 wait) external {
        if (by % 3 != 0) return this.approve(index, by, wait);
        index = _pick(index);
        _pass(wait, _deadline(index));
        _cancel(_callBy(index, by, teacherOf(index)));
    }

    function _cancel(Call memory c) private {
        Facts storage f = _facts[c.index];
        bool isEarly = f.isProcessing && block.timestamp < f.approvedAt + timeoutSeconds;
        _void("cancel", c, abi.encodeCall(IWithdrawal.cancel, (ids[c.index])), false);
        _breaks(c.ok && isEarly, "INV-BANK-WINDOW");
    }

    /// @dev An end without a payment gives back what the request took.
    function _void(bytes32 action, Call memory c, bytes memory data, bool isDue) private {
        uint256 was = _available(c.index);
        _act(action, c, data);
        _breaks(isDue && !c.ok, "INV-RESTORE");
        if (!c.ok) return;
        _breaks(_available(c.index) != was + _terms[c.index].amount, "INV-RESTORE");
        _over(c);
        _judge(c);
    }

    function _over(Call memory c) private {
        Facts storage f = _facts[c.index];
        Purse storage p = _purse(c.index);
        uint256 a = _terms[c.index].amount;
        if (f.endCount++ > 0) return;
        p.open -= _least(a, p.open);
        if (f.isProcessing) p.processing -= _least(a, p.processing);
    }

    function complete(uint256 index, uint256 by, uint256 wait, uint256 bankReference) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, isHardened ? BANK : ADMIN);
        // Few of them, so that they repeat; at times none.
        bankReference %= bankReference % 3 == 0 ? 4 : type(uint64).max;
        Facts storage f = _facts[index];
        bool mayComplete = isHardened ? c.by == BANK : _isAdmin(c.by);
        bool isDue = _isOpen(index) && f.isProcessing && mayComplete
            && (!isHardened || (bankReference > 0 && !_used[bankReference]));
        _act("complete", c, abi.encodeCall(IWithdrawal.complete, (ids[index], bankReference)));
        _breaks(isDue && !c.ok, "INV-RECIPIENT-ISOLATION");
        if (!c.ok) return;
        _breaks(!mayComplete, "INV-ADMIN");
        IWithdrawal.Withdrawal memory w = _withdrawal(index);
        bool isPayable = isHardened && tokenOf(index) != REFUSING;
        _breaks(isPayable && w.claimBank > 0, "INV-RECIPIENT-ISOLATION");
        bool isBad = bankReference == 0 || _used[bankReference] || w.bankReference != bankReference;
        _breaks(isBad, "INV-REFERENCE");
        _used[bankReference] = true;
        f.isCompleted = true;
        f.paid += _paid(c);
        _breaks(_received(c, BANK) != _paid(c), "INV-ADMIN");
        _purse(index).withdrawn += _terms[index].amount;
        _over(c);
        _judge(c);
    }

    function withdrawCommission(uint256 index, uint256 by, uint256 to) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, PLATFORM);
        address recipient = _recipient(to, _actors[c.by]);
        address token = _terms[index].token;
        bytes memory data = abi.encodeCall(IWithdrawal.withdrawCommission, (token, recipient));
        if (!_act("withdrawCommission", c, data)) return;
        uint256 due = _commissionDue[tokenOf(index)];
        _breaks(_paid(c) != due, "INV-FEE");
        _breaks(c.by != PLATFORM, "INV-ADMIN");
        _commissionDue[tokenOf(index)] = due - _least(due, _paid(c));
        _judge(c);
    }

    function claim(uint256 index, uint256 by, uint256 to) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, BANK);
        address recipient = _recipient(to, _actors[c.by]);
        if (!_act("claim", c, abi.encodeCall(IWithdrawal.claim, (ids[index], recipient)))) return;
        _breaks(c.by != BANK, "INV-ADMIN");
        _facts[index].paid += _paid(c);
        _judge(c);
    }

    /// @notice A teacher alone takes its request back, and has its money on account again.
    function leave(uint256 index, uint256 rarely) external {
        if (rarely % 8 != 0 || !isHardened) return this.complete(index, 0, 12, rarely);
        Call memory c;
        c.index = _pick(index);
        c.by = teacherOf(c.index);
        if (!_isOpen(c.index)) return;
        uint256 was = _available(c.index);
        uint256 until = _deadline(c.index);
        if (until > block.timestamp) vm.warp(until);
        _cancel(c);
        _breaks(_available(c.index) != was + _terms[c.index].amount, "INV-EXIT");
    }
}
