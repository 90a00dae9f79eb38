// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMatchmaking} from "src/matchmaking/IMatchmaking.sol";
import {IMatchmakingWords} from "src/matchmaking/IMatchmakingWords.sol";

import {Handler} from "./Handler.sol";

/// @title MatchmakingBooks
/// @notice The requests of the handler, what is known of them from accepted calls, and the claims.
abstract contract MatchmakingBooks is Handler {
    struct Facts {
        uint256 requestCount;
        /// Where the accepted calls have brought it.
        IMatchmakingWords.Status phase;
        uint256 attempts;
        uint256 tutor;
        uint256 lastTutor;
        uint256 proposedAt;
        uint256 acceptedAt;
        uint256 rate;
        uint256 expiry;
        uint256 consumeCount;
        uint256 bookedFor;
        uint256 billedSeconds;
        bool hasEnded;
        uint8 scoreStudent;
        uint8 scoreTutor;
    }

    /// What a quote says.
    struct Quote {
        uint128 rate;
        uint64 expiry;
        uint256 nonce;
    }

    uint256 internal constant REQUESTS = 5;
    uint256 internal constant ACTORS = 7;
    /// Participants: two students, two tutors, the matchmaker, the session escrow, a stranger.
    uint256 internal constant TUTOR = 2;
    uint256 internal constant MATCHMAKER = 4;
    uint256 internal constant ESCROW = 5;
    uint256 internal constant STRANGER = 6;
    uint256 internal constant NOBODY = type(uint256).max;
    /// Kinds of quotes below this are the tutor's own, for this request and these figures.
    uint256 internal constant GENUINE_BELOW = 16;
    uint256 internal constant KINDS = 24;
    /// Another contract like this one.
    address private constant PREDECESSOR = 0x0C0c0C0c0c0c0c0c0c0c0C0C0C0c0c0C0c0c0c0c;

    IMatchmaking.Config internal _config;
    IMatchmaking.Terms[] internal _terms;
    bytes32[] public ids;
    Facts[] internal _facts;
    mapping(uint256 tutor => mapping(uint256 nonce => bool)) internal _used;

    constructor(
        address subject_,
        bool isHardened_,
        IMatchmaking.Config memory config
    ) Handler(subject_, isHardened_, ACTORS, new address[](0)) {
        _config = config;
        for (uint256 i = 0; i < REQUESTS; i++) {
            uint128 most = i % 2 == 0 ? 1_000 : 7;
            _terms.push(
                IMatchmaking.Terms(_actors[i % 2], address(_tokens[PLAIN]), most, 10 * most, i)
            );
            ids.push(IMatchmaking(subject).requestIdOf(_terms[i]));
            _facts.push();
            _facts[i].tutor = NOBODY;
            _facts[i].lastTutor = NOBODY;
        }
    }

    /// @dev What the policy as described cannot keep.
    function _promises(bytes32 claim) internal view override returns (bool) {
        if (isHardened) return true;
        return claim == "INV-FREE-AGAIN" || claim == "INV-MATCH-ORDER" || claim == "INV-END-TOTAL"
            || claim == "INV-SINGLE-USE" || claim == "INV-ISOLATION"
            || claim == "INV-CONSERVATION";
    }

    /// @dev A request that is over makes room for another like it.
    function _renew(uint256 index) internal {
        IMatchmakingWords.Status phase = _facts[index].phase;
        bool isOver = phase == IMatchmakingWords.Status.Completed
            || phase == IMatchmakingWords.Status.Expired
            || phase == IMatchmakingWords.Status.Cancelled;
        if (!isOver) return;
        _terms[index].salt += REQUESTS;
        ids[index] = IMatchmaking(subject).requestIdOf(_terms[index]);
        delete _facts[index];
        _facts[index].tutor = NOBODY;
        _facts[index].lastTutor = NOBODY;
        _forget(index);
    }

    function tokenOf(uint256) public pure override returns (uint256) {
        return PLAIN;
    }

    function studentOf(uint256 index) public pure returns (uint256) {
        return index % 2;
    }

    function _agreements() internal pure override returns (uint256) {
        return REQUESTS;
    }

    function _view(uint256 index) internal view override returns (bytes memory) {
        return _read(abi.encodeCall(IMatchmaking.matchRequest, (ids[index])));
    }

    function _lockedBy(bytes memory) internal pure override returns (uint256) {
        return 0;
    }

    function _request(uint256 index) internal view returns (IMatchmaking.Request memory) {
        return IMatchmaking(subject).matchRequest(ids[index]);
    }

    function _is(uint256 index, IMatchmakingWords.Status phase) internal view returns (bool) {
        return _facts[index].phase == phase;
    }

    /// @dev Neither student nor tutor of it, nor matchmaker or escrow.
    function _isOutsider(Call memory c) internal view returns (bool) {
        bool hasOffice = c.by == MATCHMAKER || c.by == ESCROW;
        return !hasOffice && c.by != studentOf(c.index) && c.by != _facts[c.index].tutor;
    }

    // ----------------------------------------------------------------------------------- times

    function _proposalEnd(uint256 index) internal view returns (uint256) {
        return _facts[index].proposedAt + _config.proposalTtlSeconds;
    }

    function _depositEnd(uint256 index) internal view returns (uint256) {
        uint256 end = _facts[index].acceptedAt + _config.depositWindowSeconds;
        return isHardened ? _least(end, _facts[index].expiry) : end;
    }

    function _deadline(uint256 index) internal view returns (uint256) {
        if (_is(index, IMatchmakingWords.Status.Proposed)) return _proposalEnd(index);
        if (_is(index, IMatchmakingWords.Status.AwaitingDeposit)) return _depositEnd(index);
        return _is(index, IMatchmakingWords.Status.Booked) ? _facts[index].bookedFor : 0;
    }

    function _binds(uint256 index, uint256 tutor) internal view returns (bool) {
        if (_facts[index].tutor != tutor) return false;
        if (_is(index, IMatchmakingWords.Status.Matched)) return true;
        bool isPending = _is(index, IMatchmakingWords.Status.Proposed)
            || _is(index, IMatchmakingWords.Status.AwaitingDeposit);
        return isPending && block.timestamp < _deadline(index);
    }

    function _boundCount(uint256 tutor) internal view returns (uint256 count) {
        for (uint256 i = 0; i < REQUESTS; i++) if (_binds(i, tutor)) count++;
    }

    // ---------------------------------------------------------------------------------- quotes

    /// @dev A quote of a kind that must not count says something else or is somebody else's.
    function _quote(
        uint256 index,
        Quote memory quote,
        uint256 kind
    ) internal view returns (bytes memory) {
        Quote memory q = Quote(quote.rate, quote.expiry, quote.nonce);
        uint256 signer = _facts[index].tutor == NOBODY ? STRANGER : _facts[index].tutor;
        uint256 tutor = signer;
        uint256 about = index;
        address to = subject;
        if (kind == 16) signer = STRANGER;
        if (kind == 17) signer = studentOf(index);
        if (kind == 18) about = (index + 1) % REQUESTS;
        if (kind == 19) q.rate += 1;
        if (kind == 20) q.expiry -= 1;
        if (kind == 21 && _facts[index].lastTutor != NOBODY) {
            (signer, tutor) = (_facts[index].lastTutor, _facts[index].lastTutor);
        }
        if (kind == 22) return new bytes(65);
        if (kind == 23) to = PREDECESSOR;
        return _signed(signer, _digest(to, about, tutor, q));
    }

    /// @dev The quote of the last tutor is genuine if that is the present one as well.
    function _isGenuine(uint256 index, uint256 kind) internal view returns (bool) {
        if (kind < GENUINE_BELOW) return _facts[index].tutor != NOBODY;
        Facts storage f = _facts[index];
        return kind == 21 && f.tutor != NOBODY
            && (f.lastTutor == NOBODY || f.lastTutor == f.tutor);
    }

    function _digest(
        address to,
        uint256 index,
        uint256 tutor,
        Quote memory q
    ) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,"
                    "address verifyingContract)"
                ),
                keccak256("MeterproofMatchmaking"),
                keccak256("1"),
                block.chainid,
                to
            )
        );
        bytes32 content = keccak256(
            abi.encode(
                keccak256(
                    "Quote(bytes32 requestId,address student,address tutor,address token,"
                    "uint128 rate,uint64 expiry,uint256 nonce)"
                ),
                ids[index],
                _terms[index].student,
                _actors[tutor],
                _terms[index].token,
                q.rate,
                q.expiry,
                q.nonce
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, content));
    }

    // ---------------------------------------------------------------------------------- claims

    /// @dev After each accepted call, whose phase is booked already.
    function _judge(Call memory c, bool isDueToOutsider) internal {
        Facts storage f = _facts[c.index];
        IMatchmaking.Request memory r = _request(c.index);
        for (uint256 h = 0; h < c.moved.length; h++) {
            _breaks(c.moved[h] != 0, "INV-CONSERVATION");
        }
        _breaks(r.status != f.phase, "INV-MATCH-ORDER");
        _breaks(_isOutsider(c) && !isDueToOutsider, "INV-STRANGER-HARMLESS");
        for (uint256 tutor = TUTOR; tutor < TUTOR + 2; tutor++) {
            _breaks(_boundCount(tutor) > 1, "INV-ONE-STUDENT");
        }
        _breaks(f.attempts > _config.maxAttempts, "INV-ATTEMPTS");
        _breaks(f.consumeCount > 0 && r.rate != f.rate, "INV-RATE-LOCKED");
        _breaks(f.consumeCount > 1, "INV-QUOTE-ONCE");
        _breaks(r.credentials > 1, "INV-CREDENTIAL-ONCE");
        bool isEarned = f.hasEnded && f.billedSeconds >= _config.credentialSeconds;
        _breaks(r.credentials > 0 != isEarned, "INV-CREDENTIAL-EARNED");
        if (r.credentials > 0) {
            address holder = IMatchmaking(subject).credentialHolder(ids[c.index]);
            _breaks(holder != _terms[c.index].student, "INV-SOULBOUND");
        }
        bool isRated = r.ratingStudent == f.scoreStudent && r.ratingTutor == f.scoreTutor;
        _breaks(!isRated, "INV-RATING-ONCE");
        _judgeAll(c.index);
    }
}
