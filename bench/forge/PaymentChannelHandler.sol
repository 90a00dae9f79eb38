// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPaymentChannel} from "src/payment-channel/IPaymentChannel.sol";

import {Handler} from "./Handler.sol";
import {PaymentChannelBooks} from "./PaymentChannelBooks.sol";
import {vm} from "./Vm.sol";

/// @title PaymentChannelHandler
/// @notice What Foundry calls: every action of payment-channel by any participant, around its
/// boundaries.
contract PaymentChannelHandler is PaymentChannelBooks {
    constructor(
        address subject_,
        bool isHardened_,
        uint256 challengeSeconds_
    ) PaymentChannelBooks(subject_, isHardened_, challengeSeconds_) {}

    /// @inheritdoc Handler
    function actions() public pure override returns (bytes32[] memory names) {
        names = new bytes32[](8);
        names[0] = "open";
        names[1] = "topUp";
        names[2] = "redeem";
        names[3] = "close";
        names[4] = "requestClose";
        names[5] = "finalise";
        names[6] = "reclaimExpired";
        names[7] = "claim";
    }

    function open(
        uint256 index,
        uint256 by,
        uint256 wait,
        uint256 amount,
        uint256 again
    ) external {
        index = _pick(index);
        if (again % 4 != 0) _renew(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, payerOf(index));
        bytes memory data =
            abi.encodeCall(IPaymentChannel.open, (_terms[index], _amount(amount)));
        if (!_act("open", c, data)) return;
        Facts storage f = _facts[index];
        f.openCount++;
        f.openedAt = block.timestamp;
        _breaks(f.openCount > 1, "INV-SINGLE-USE");
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        _judge(c);
    }

    function topUp(uint256 index, uint256 by, uint256 wait, uint256 amount) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, payerOf(index));
        uint128 units = _amount(amount);
        IPaymentChannel.Channel memory was = _channel(index);
        if (!_act("topUp", c, abi.encodeCall(IPaymentChannel.topUp, (ids[index], units)))) return;
        IPaymentChannel.Channel memory has = _channel(index);
        _breaks(!_isUnderWay(index), "INV-TOP-UP");
        _breaks(was.paid != has.paid || was.openedAt != has.openedAt, "INV-TOP-UP");
        _breaks(was.challengeEndsAt != has.challengeEndsAt, "INV-TOP-UP");
        _breaks(has.deposit != uint256(was.deposit) + units, "INV-TOP-UP");
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        _judge(c);
    }

    function redeem(
        uint256 index,
        uint256 by,
        uint256 wait,
        uint256 number,
        uint256 voucher
    ) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, by % 3 == 0 ? WATCHER : providerOf(index));
        _bring(c, _number(index, number), voucher % 20, false);
    }

    function close(
        uint256 index,
        uint256 by,
        uint256 wait,
        uint256 number,
        uint256 voucher
    ) external {
        if (voucher % 3 != 0) return this.redeem(index, by, wait, number, voucher / 3);
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, providerOf(index));
        _bring(c, number % 3 == 0 ? 0 : _number(index, number / 3), (voucher / 3) % 20, true);
    }

    /// @dev A voucher, to be redeemed or to close with.
    function _bring(Call memory c, uint128 units, uint256 kind, bool isClose) private {
        Facts storage f = _facts[c.index];
        bool isGenuine = kind < GENUINE_BELOW;
        uint256 worth = isGenuine ? _least(units, f.deposited) : 0;
        if (isGenuine && units > f.presented) f.presented = units;
        bool isDue = _redeemIsDue(c, units, isGenuine) && (!isClose || c.by == providerOf(c.index));
        bytes memory voucher = _voucher(c.index, units, kind);
        bytes memory data = isClose
            ? abi.encodeCall(IPaymentChannel.close, (ids[c.index], units, voucher))
            : abi.encodeCall(IPaymentChannel.redeem, (ids[c.index], units, voucher));
        _act(isClose ? bytes32("close") : bytes32("redeem"), c, data);
        _breaks(isDue && !c.ok && c.by == providerOf(c.index), "INV-REDEEM-TOTAL");
        _breaks(isDue && !c.ok && c.by == WATCHER, "INV-WATCHER");
        _judgeRecipients(c, isDue);
        if (!c.ok) return;
        _breaks(!isGenuine && !(isClose && units == 0), "INV-BINDING");
        _breaks(!isDue && _isOutsider(c), "INV-STRANGER-HARMLESS");
        if (worth > f.due) f.due = worth;
        if (isClose) f.endCount++;
        else if (f.requestedAt > 0 && !isHardened) f.finalisableAt = _challengeEnd();
        _judge(c);
        _judgeEnd(c.index);
    }

    function requestClose(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        _request(_callBy(index, by, payerOf(index)));
    }

    function _request(Call memory c) private {
        bytes memory data = abi.encodeCall(IPaymentChannel.requestClose, (ids[c.index]));
        if (!_act("requestClose", c, data)) return;
        Facts storage f = _facts[c.index];
        if (f.requestedAt == 0) f.requestedAt = block.timestamp;
        f.finalisableAt = _challengeEnd();
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        _judge(c);
    }

    function finalise(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        _finalise(_callBy(index, by, payerOf(index)));
    }

    function _finalise(Call memory c) private {
        Facts storage f = _facts[c.index];
        bool isDue = _finaliseIsDue(c.index);
        _act("finalise", c, abi.encodeCall(IPaymentChannel.finalise, (ids[c.index])));
        _judgeRecipients(c, isDue);
        if (!c.ok) return;
        bool isEarly = f.requestedAt == 0 || block.timestamp < f.requestedAt + challengeSeconds;
        _breaks(isEarly, "INV-CHALLENGE");
        _breaks(!isDue && _isOutsider(c), "INV-STRANGER-HARMLESS");
        f.endCount++;
        _judge(c);
        _judgeEnd(c.index);
    }

    function reclaimExpired(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, payerOf(index));
        Facts storage f = _facts[index];
        bool isDue = _reclaimIsDue(c);
        _act("reclaimExpired", c, abi.encodeCall(IPaymentChannel.reclaimExpired, (ids[index])));
        _judgeRecipients(c, isDue);
        if (!c.ok) return;
        if (isHardened && _isUnderWay(index)) {
            bool isEarly = block.timestamp < _reclaimFrom(index, challengeSeconds);
            _breaks(isEarly, "INV-EXPIRY-GRACE");
        }
        _breaks(!isDue && _isOutsider(c), "INV-STRANGER-HARMLESS");
        f.endCount++;
        _judge(c);
        _judgeEnd(index);
    }

    function claim(uint256 index, uint256 by, uint256 to, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        uint256 preferred = by % 2 == 0 ? payerOf(index) : providerOf(index);
        _claim(_callBy(index, by / 2, preferred), to);
    }

    function _claim(Call memory c, uint256 to) private {
        address recipient = _recipient(to, _actors[c.by]);
        bytes memory data = abi.encodeCall(IPaymentChannel.claim, (ids[c.index], recipient));
        if (!_act("claim", c, data)) return;
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        _judge(c);
    }

    /// @notice One party alone ends its channel and fetches what it is owed.
    function leave(uint256 index, uint256 who, uint256 rarely) external {
        if (rarely % 8 != 0) return this.topUp(index, 0, rarely / 8, who);
        Call memory c;
        c.index = _pick(index);
        bool isPayer = who % 2 == 0;
        c.by = isPayer ? payerOf(c.index) : providerOf(c.index);
        IPaymentChannel.Channel memory is_ = _channel(c.index);
        if (is_.status == IPaymentChannel.Status.None) return;
        if (isPayer && is_.status == IPaymentChannel.Status.Open) {
            _request(c);
            is_ = _channel(c.index);
        }
        if (isPayer && is_.status == IPaymentChannel.Status.Closing) {
            if (block.timestamp < is_.challengeEndsAt) vm.warp(is_.challengeEndsAt);
            _finalise(c);
        }
        if (!isPayer && is_.status != IPaymentChannel.Status.Closed) _bring(c, 0, 0, true);
        is_ = _channel(c.index);
        if ((isPayer ? is_.claimPayer : is_.claimProvider) > 0) _claim(c, 0);
        is_ = _channel(c.index);
        bool isIn = is_.status != IPaymentChannel.Status.Closed;
        _breaks(isIn || (isPayer ? is_.claimPayer : is_.claimProvider) > 0, "INV-EXIT");
    }

    function _challengeEnd() private view returns (uint256) {
        return block.timestamp + challengeSeconds;
    }
}
