// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMatchmaking} from "src/matchmaking/IMatchmaking.sol";
import {IMatchmakingWords} from "src/matchmaking/IMatchmakingWords.sol";
import {MatchmakingAsDescribed} from "src/matchmaking/MatchmakingAsDescribed.sol";
import {MatchmakingHardened} from "src/matchmaking/MatchmakingHardened.sol";

import {Handler} from "./Handler.sol";
import {MatchmakingBooks} from "./MatchmakingBooks.sol";
import {vm} from "./Vm.sol";

/// @title MatchmakingHandler
/// @notice What Foundry calls: every action of matchmaking by anybody, around its boundaries.
contract MatchmakingHandler is MatchmakingBooks {
    constructor(
        address subject_,
        bool isHardened_,
        IMatchmaking.Config memory config
    ) MatchmakingBooks(subject_, isHardened_, config) {}

    /// @inheritdoc Handler
    function actions() public view override returns (bytes32[] memory names) {
        // Hardened, no credential is ever handed on.
        names = new bytes32[](isHardened ? 14 : 15);
        names[0] = "request";
        names[1] = "propose";
        names[2] = "noMatch";
        names[3] = "accept";
        names[4] = "decline";
        names[5] = "lapse";
        names[6] = "consume";
        names[7] = "release";
        names[8] = "reduceCap";
        names[9] = "waitlist";
        names[10] = "book";
        names[11] = "cancel";
        names[12] = "complete";
        names[13] = "rate";
        if (!isHardened) names[14] = "transferCredential";
    }

    function request(uint256 index, uint256 by, uint256 again) external {
        index = _pick(index);
        if (again % 4 != 0) _renew(index);
        Call memory c = _callBy(index, by, studentOf(index));
        if (!_act("request", c, abi.encodeCall(IMatchmaking.requestMatch, (_terms[index])))) return;
        Facts storage f = _facts[index];
        _breaks(++f.requestCount > 1, "INV-SINGLE-USE");
        f.phase = IMatchmakingWords.Status.Searching;
        _judge(c, false);
    }

    function propose(uint256 index, uint256 by, uint256 wait, uint256 whom) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, MATCHMAKER);
        uint256 tutor = whom % 8 == 7 ? (whom / 8) % ACTORS : TUTOR + (whom % 2);
        Facts storage f = _facts[index];
        bool isOpen = _is(index, IMatchmakingWords.Status.Searching)
            || _is(index, IMatchmakingWords.Status.Waitlisted)
            || (_is(index, IMatchmakingWords.Status.Booked) && block.timestamp >= f.bookedFor);
        bool isSound = tutor != studentOf(index) && tutor != MATCHMAKER && tutor != ESCROW;
        bool isDue = isOpen && isSound && c.by == MATCHMAKER && _boundCount(tutor) == 0;
        _act("propose", c, abi.encodeCall(IMatchmaking.propose, (ids[index], _actors[tutor])));
        _breaks(isDue && !c.ok, "INV-FREE-AGAIN");
        if (!c.ok) return;
        _breaks(!isOpen, "INV-MATCH-ORDER");
        if (f.tutor != NOBODY) f.lastTutor = f.tutor;
        f.tutor = tutor;
        f.attempts++;
        f.proposedAt = block.timestamp;
        f.phase = IMatchmakingWords.Status.Proposed;
        _breaks(_boundCount(tutor) > 1, "INV-ONE-STUDENT");
        _judge(c, false);
    }

    function noMatch(uint256 index, uint256 by) external {
        if (by % 3 != 0) return this.propose(index, 0, 12, by / 3);
        by /= 3;
        index = _pick(index);
        Call memory c = _callBy(index, by, MATCHMAKER);
        if (!_act("noMatch", c, abi.encodeCall(IMatchmaking.noMatch, (ids[index])))) return;
        _breaks(!_is(index, IMatchmakingWords.Status.Searching), "INV-MATCH-ORDER");
        _facts[index].phase = IMatchmakingWords.Status.NoMatch;
        _judge(c, false);
    }

    function accept(
        uint256 index,
        uint256 by,
        uint256 wait,
        uint256 figures,
        uint256 kind
    ) external {
        index = _pick(index);
        if (wait % 4 == 0) _pass(wait / 4, _deadline(index));
        uint256 tutor = _facts[index].tutor;
        Call memory c = _callBy(index, by, tutor == NOBODY ? STRANGER : tutor);
        uint128 most = _terms[index].maxRate;
        uint256 how = figures % 8;
        Quote memory q = Quote({
            rate: uint128(how == 0 ? 0 : how == 1 ? most + 1 : how < 5 ? most : 1 + figures % most),
            expiry: uint64(block.timestamp + _expiry(figures / 8)),
            nonce: figures % 16 == 5 ? (figures / 64) % 4 : (figures / 64) % 1_000
        });
        _accept(c, q, isHardened ? kind % KINDS : 0);
    }

    function _expiry(uint256 drawn) private pure returns (uint256) {
        uint256 how = drawn % 12;
        return how < 2 ? how : how < 4 ? 30 + (drawn % 60) : 10_000;
    }

    function _accept(Call memory c, Quote memory q, uint256 kind) private {
        Facts storage f = _facts[c.index];
        bool isGenuine = _isGenuine(c.index, kind);
        bool isProposed = _is(c.index, IMatchmakingWords.Status.Proposed);
        bool isInTime = block.timestamp < _proposalEnd(c.index);
        uint256 tutor = f.tutor == NOBODY ? STRANGER : f.tutor;
        bool isFresh = !_used[tutor][q.nonce] && block.timestamp < q.expiry;
        bool isRate = q.rate > 0 && q.rate <= _terms[c.index].maxRate;
        bytes memory data = isHardened
            ? abi.encodeCall(
                MatchmakingHardened.accept,
                (ids[c.index], q.rate, q.expiry, q.nonce, _quote(c.index, q, kind))
            )
            : abi.encodeCall(MatchmakingAsDescribed.accept, (ids[c.index], q.rate));
        _act("accept", c, data);
        bool isDue = isGenuine && isProposed && isInTime && isFresh && isRate;
        _breaks(isDue && !c.ok, "INV-TTL");
        if (!c.ok) return;
        _breaks(!isProposed, "INV-MATCH-ORDER");
        _breaks(isProposed && !isInTime, "INV-TTL");
        _breaks(!isGenuine || block.timestamp >= q.expiry, "INV-QUOTE-BINDING");
        _breaks(q.rate > _terms[c.index].maxRate, "INV-RATE-LOCKED");
        _breaks(_used[tutor][q.nonce], "INV-QUOTE-ONCE");
        _used[tutor][q.nonce] = true;
        f.rate = q.rate;
        f.expiry = q.expiry;
        f.acceptedAt = block.timestamp;
        f.phase = IMatchmakingWords.Status.AwaitingDeposit;
        _judge(c, isGenuine);
    }

    function decline(uint256 index, uint256 by, uint256 wait) external {
        if (by % 2 != 0) return this.accept(index, 0, wait, by / 2, 0);
        by /= 2;
        index = _pick(index);
        _pass(wait, _deadline(index));
        uint256 tutor = _facts[index].tutor;
        _decline(_callBy(index, by, tutor == NOBODY ? STRANGER : tutor));
    }

    function _decline(Call memory c) private {
        bool isProposed = _is(c.index, IMatchmakingWords.Status.Proposed);
        if (!_act("decline", c, abi.encodeCall(IMatchmaking.decline, (ids[c.index])))) return;
        _breaks(!isProposed, "INV-MATCH-ORDER");
        _proposeOther(c.index);
        _judge(c, false);
    }

    function lapse(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        _lapse(_callBy(index, by, MATCHMAKER));
    }

    function _lapse(Call memory c) private {
        bool isProposed = _is(c.index, IMatchmakingWords.Status.Proposed);
        bool isDue = isProposed && block.timestamp >= _proposalEnd(c.index);
        _act("lapse", c, abi.encodeCall(IMatchmaking.lapse, (ids[c.index])));
        _breaks(isProposed && isDue != c.ok, "INV-TTL");
        if (!c.ok) return;
        _breaks(!isProposed, "INV-MATCH-ORDER");
        _proposeOther(c.index);
        _judge(c, isDue);
    }

    /// @dev A search that has used its attempts up is over, hardened.
    function _proposeOther(uint256 index) private {
        Facts storage f = _facts[index];
        bool isOver = isHardened && f.attempts >= _config.maxAttempts;
        // One attempt too many is seen as such at the next proposal.
        bool isSeen = _request(index).status == IMatchmakingWords.Status.NoMatch;
        f.phase = isOver && isSeen
            ? IMatchmakingWords.Status.NoMatch
            : IMatchmakingWords.Status.Searching;
    }

    function consume(
        uint256 index,
        uint256 by,
        uint256 wait,
        uint256 who,
        uint256 rate_
    ) external {
        index = _pick(index);
        if (wait % 4 == 0) _pass(wait / 4, _deadline(index));
        Call memory c = _callBy(index, by, ESCROW);
        Facts storage f = _facts[index];
        uint256 how = rate_ % 8;
        uint256 near = how == 5 ? _terms[index].maxRate : f.rate + how - 5;
        uint256 student = who % 6 == 5 ? (who / 6) % ACTORS : studentOf(index);
        _consume(c, student, uint128(how < 5 ? f.rate : near));
    }

    function _consume(Call memory c, uint256 student, uint128 rate_) private {
        Facts storage f = _facts[c.index];
        bool isAwaiting = _is(c.index, IMatchmakingWords.Status.AwaitingDeposit);
        bool isInTime = block.timestamp < _depositEnd(c.index);
        bool isRight = student == studentOf(c.index) && rate_ == f.rate && c.by == ESCROW;
        address account = _actors[student];
        _act("consume", c, abi.encodeCall(IMatchmaking.consume, (ids[c.index], account, rate_)));
        _breaks(isAwaiting && isInTime && isRight && !c.ok, "INV-DEPOSIT-WINDOW");
        if (!c.ok) return;
        bool isAgain = f.consumeCount > 0;
        _breaks(!isAwaiting && !isAgain, "INV-MATCH-ORDER");
        _breaks(isAwaiting && !isInTime, "INV-DEPOSIT-WINDOW");
        _breaks(student != studentOf(c.index), "INV-QUOTE-BINDING");
        _breaks(isAwaiting && rate_ != f.rate, "INV-RATE-LOCKED");
        if (!isHardened) f.rate = rate_;
        f.consumeCount++;
        f.phase = IMatchmakingWords.Status.Matched;
        _judge(c, false);
    }

    function release(uint256 index, uint256 by, uint256 wait) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        _release(_callBy(index, by, MATCHMAKER));
    }

    function _release(Call memory c) private {
        bool isAwaiting = _is(c.index, IMatchmakingWords.Status.AwaitingDeposit);
        bool isDue = isAwaiting && block.timestamp >= _depositEnd(c.index);
        _act("release", c, abi.encodeCall(IMatchmaking.release, (ids[c.index])));
        _breaks(isAwaiting && isDue != c.ok, "INV-DEPOSIT-WINDOW");
        if (!c.ok) return;
        _breaks(!isAwaiting, "INV-MATCH-ORDER");
        _facts[c.index].phase = IMatchmakingWords.Status.Expired;
        _judge(c, isDue);
    }

    function reduceCap(uint256 index, uint256 by, uint256 cap) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, studentOf(index));
        uint128 units = uint128(cap % (11 * uint256(_terms[index].maxRate)));
        if (!_act("reduceCap", c, abi.encodeCall(IMatchmaking.reduceCap, (ids[index], units)))) {
            return;
        }
        _judge(c, false);
    }

    function waitlist(uint256 index, uint256 by) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, studentOf(index));
        if (!_act("waitlist", c, abi.encodeCall(IMatchmaking.waitlist, (ids[index])))) return;
        _again(c, IMatchmakingWords.Status.Waitlisted, 0);
    }

    function book(uint256 index, uint256 by, uint256 at) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, studentOf(index));
        uint64 to = uint64(block.timestamp + (at % 200));
        if (!_act("book", c, abi.encodeCall(IMatchmaking.book, (ids[index], to)))) return;
        _again(c, IMatchmakingWords.Status.Booked, to);
    }

    /// @dev The search begins again.
    function _again(Call memory c, IMatchmakingWords.Status phase, uint256 at) private {
        _breaks(!_is(c.index, IMatchmakingWords.Status.NoMatch), "INV-MATCH-ORDER");
        _facts[c.index].phase = phase;
        _facts[c.index].attempts = 0;
        _facts[c.index].bookedFor = at;
        _judge(c, false);
    }

    function cancel(uint256 index, uint256 by, uint256 wait, uint256 rarely) external {
        if (rarely % 8 != 0) return this.consume(index, 0, wait, 0, 0);
        index = _pick(index);
        _pass(wait, _deadline(index));
        _cancel(_callBy(index, by, studentOf(index)));
    }

    function _cancel(Call memory c) private {
        bool isDue = _isCancellable(c.index) && c.by == studentOf(c.index);
        _act("cancel", c, abi.encodeCall(IMatchmaking.cancel, (ids[c.index])));
        _breaks(isDue && !c.ok, "INV-EXIT");
        if (!c.ok) return;
        _breaks(!_isCancellable(c.index), "INV-MATCH-ORDER");
        _facts[c.index].phase = IMatchmakingWords.Status.Cancelled;
        _judge(c, false);
    }

    function _isCancellable(uint256 index) private view returns (bool) {
        IMatchmakingWords.Status p = _facts[index].phase;
        return p == IMatchmakingWords.Status.Searching || p == IMatchmakingWords.Status.Proposed
            || p == IMatchmakingWords.Status.AwaitingDeposit
            || p == IMatchmakingWords.Status.NoMatch || p == IMatchmakingWords.Status.Waitlisted
            || p == IMatchmakingWords.Status.Booked;
    }

    function complete(uint256 index, uint256 by, uint256 wait, uint256 billed) external {
        index = _pick(index);
        _pass(wait, _deadline(index));
        Call memory c = _callBy(index, by, ESCROW);
        Facts storage f = _facts[index];
        uint256 least = _config.credentialSeconds;
        uint256 near = least - 1 + (billed / 3) % 3;
        uint32 billed_ = uint32(billed % 3 == 0 ? billed % (2 * least) : near);
        bool isMatched = _is(index, IMatchmakingWords.Status.Matched);
        _act("complete", c, abi.encodeCall(IMatchmaking.complete, (ids[index], billed_)));
        _breaks(isMatched && c.by == ESCROW && !c.ok, "INV-END-TOTAL");
        if (!c.ok) return;
        _breaks(!isMatched && !f.hasEnded, "INV-MATCH-ORDER");
        f.billedSeconds = billed_;
        f.hasEnded = true;
        f.phase = IMatchmakingWords.Status.Completed;
        _judge(c, false);
    }

    function transferCredential(uint256 index, uint256 by, uint256 to) external {
        index = _pick(index);
        Call memory c = _callBy(index, by, studentOf(index));
        address recipient = _recipient(to, _actors[c.by]);
        bytes memory data =
            abi.encodeCall(IMatchmaking.transferCredential, (ids[index], recipient));
        if (!_act("transferCredential", c, data)) return;
        _judge(c, false);
    }

    function rate(uint256 index, uint256 by, uint256 score) external {
        index = _pick(index);
        uint256 tutor = _facts[index].tutor;
        bool asTutor = by % 2 == 0 && tutor != NOBODY;
        Call memory c = _callBy(index, by / 2, asTutor ? tutor : studentOf(index));
        uint8 score_ = uint8(score % 7);
        if (!_act("rate", c, abi.encodeCall(IMatchmaking.rate, (ids[index], score_)))) return;
        Facts storage f = _facts[index];
        bool isTutor = c.by == f.tutor;
        _breaks(_isOutsider(c) || (isTutor ? f.scoreTutor : f.scoreStudent) > 0, "INV-RATING-ONCE");
        if (isTutor) f.scoreTutor = score_;
        else if (c.by == studentOf(index)) f.scoreStudent = score_;
        _judge(c, false);
    }

    /// @notice Student or tutor alone gets out of a request that is not matched.
    function leave(uint256 index, uint256 who, uint256 rarely) external {
        if (rarely % 4 != 0 || !isHardened) return this.accept(index, 0, 12, who, 0);
        Call memory c;
        c.index = _pick(index);
        if (who % 2 == 0) {
            if (!_isCancellable(c.index)) return;
            c.by = studentOf(c.index);
            return _cancel(c);
        }
        bool isProposed = _is(c.index, IMatchmakingWords.Status.Proposed);
        if (!isProposed && !_is(c.index, IMatchmakingWords.Status.AwaitingDeposit)) return;
        c.by = _facts[c.index].tutor;
        if (isProposed && block.timestamp < _proposalEnd(c.index)) {
            _decline(c);
        } else {
            if (block.timestamp < _deadline(c.index)) vm.warp(_deadline(c.index));
            if (isProposed) _lapse(c);
            else _release(c);
        }
        _breaks(!c.ok, "INV-EXIT");
    }
}
