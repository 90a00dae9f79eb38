// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionEscrow} from "src/session-escrow/ISessionEscrow.sol";
import {SessionEscrowHardened} from "src/session-escrow/SessionEscrowHardened.sol";
import {PlainToken} from "src/testing/PlainToken.sol";
import {RefusingToken} from "src/testing/RefusingToken.sol";

import {vm} from "./Vm.sol";

/// @title SessionHandler
/// @notice What Foundry calls: every action of the escrow by any participant, at any time, on three
/// sessions at once. Inputs are bounded so that many calls are accepted, and books are kept from
/// what was accepted and which tokens moved, as Meterproof's oracle keeps them.
contract SessionHandler {
    struct Books {
        uint256 deposited;
        /// Paid out so far, by whose money it was.
        uint256 paidStudent;
        uint256 paidTutor;
        uint256 paidPlatform;
        uint256 fundedAt;
        uint256 studentJoinedAt;
        uint256 tutorJoinedAt;
        uint256 stoppedAt;
        /// Hardened: the latest second that accepted evidence proves.
        uint256 provenUntil;
        uint256 settleCount;
        uint256 cancelCount;
    }

    uint256 public constant SESSIONS = 3;
    uint256 internal constant START = 1_800_000_000;
    /// All that exists of each token, in base units: half of it each student's.
    uint256 internal constant SUPPLY = 1 << 130;
    address internal constant ELSEWHERE = address(0xe15e);

    ISessionEscrow public immutable escrow;
    bool public immutable isHardened;
    uint256 public immutable feeBps;
    uint256 public immutable silenceTimeoutSeconds;
    uint256 public immutable startWindowSeconds;
    address[] public actors;
    PlainToken[] public tokens;
    ISessionEscrow.Terms[] internal _terms;
    bytes32[] public ids;
    Books[] internal _books;
    /// What each session showed when it was last looked at.
    bytes32[] internal _seen;
    /// A claim that an accepted or refused call has broken; empty while none has.
    string public broken;
    /// Calls of the escrow that did not revert.
    uint256 public acceptedCount;

    /// @param actors_ Two students, two tutors, relayer, platform and a stranger: the addresses of
    /// the private keys 1 to 7.
    constructor(
        ISessionEscrow escrow_,
        address[] memory actors_,
        bool isHardened_,
        uint256 feeBps_,
        uint256 silenceTimeoutSeconds_,
        uint256 startWindowSeconds_
    ) {
        escrow = escrow_;
        actors = actors_;
        isHardened = isHardened_;
        feeBps = feeBps_;
        silenceTimeoutSeconds = silenceTimeoutSeconds_;
        startWindowSeconds = startWindowSeconds_;
        address[] memory refused = new address[](2);
        (refused[0], refused[1]) = (actors_[2], actors_[3]);
        tokens.push(new PlainToken(6));
        tokens.push(new PlainToken(18));
        tokens.push(PlainToken(address(new RefusingToken(refused))));
        for (uint256 t = 0; t < tokens.length; t++) {
            for (uint256 a = 0; a < 2; a++) {
                tokens[t].mint(actors_[a], SUPPLY / 2);
                vm.prank(actors_[a]);
                tokens[t].approve(address(escrow_), type(uint256).max);
            }
        }
        _open(0, 2, 0, 1_000);
        _open(0, 3, 1, 7);
        _open(1, 2, 2, 333_333);
        vm.warp(START);
    }

    function _open(uint256 student, uint256 tutor, uint256 token, uint128 rate) private {
        ISessionEscrow.Terms memory terms = ISessionEscrow.Terms({
            student: actors[student],
            tutor: actors[tutor],
            token: address(tokens[token]),
            ratePerSecond: rate,
            salt: ids.length
        });
        ids.push(escrow.sessionIdOf(terms));
        _terms.push(terms);
        _books.push();
        _seen.push();
    }

    // ----------------------------------------------------------------------------------- actions

    function deposit(
        uint256 index,
        uint256 by,
        uint256 amount,
        uint256 wait
    ) external judged(index) {
        index %= SESSIONS;
        uint128 units = _amount(index, amount);
        bytes memory data = abi.encodeCall(ISessionEscrow.deposit, (_terms[index], units));
        if (!_act(index, _payer(index, by), wait, data)) return;
        _books[index].deposited += units;
        _books[index].fundedAt = block.timestamp;
    }

    function join(
        uint256 index,
        uint256 by,
        uint256 wait
    ) external judged(index) {
        index %= SESSIONS;
        address caller = _caller(index, by);
        if (!_act(index, caller, wait, abi.encodeCall(ISessionEscrow.join, (ids[index])))) return;
        Books storage b = _books[index];
        if (caller == _terms[index].student) b.studentJoinedAt = block.timestamp;
        else if (caller == _terms[index].tutor) b.tutorJoinedAt = block.timestamp;
        else broken = "INV-STRANGER-HARMLESS: joined";
    }

    function topUp(
        uint256 index,
        uint256 by,
        uint256 amount,
        uint256 wait
    ) external judged(index) {
        index %= SESSIONS;
        uint128 units = _amount(index, amount);
        bytes memory data = abi.encodeCall(ISessionEscrow.topUp, (ids[index], units));
        if (_act(index, _payer(index, by), wait, data)) _books[index].deposited += units;
    }

    function stop(
        uint256 index,
        uint256 by,
        uint256 wait,
        uint256 pings
    ) external judged(index) {
        index %= SESSIONS;
        address caller = _caller(index, by);
        _pass(wait);
        uint256 proven = type(uint256).max;
        bytes memory data = abi.encodeWithSignature("stop(bytes32)", ids[index]);
        if (isHardened) (data, proven) = _stopWithPings(index, pings);
        if (!_act(index, caller, 0, data)) return;
        Books storage b = _books[index];
        if (b.stoppedAt == 0) b.stoppedAt = block.timestamp;
        if (proven > b.provenUntil) b.provenUntil = proven;
        if (!_isOutsider(index, caller)) return;
        uint256 cap = b.deposited / _terms[index].ratePerSecond;
        if (block.timestamp < _startedAt(b) + cap) broken = "INV-STRANGER-HARMLESS: stopped";
    }

    function settle(
        uint256 index,
        uint256 by,
        uint256 wait
    ) external judged(index) {
        index %= SESSIONS;
        _pass(wait);
        ISessionEscrow.Session memory s = escrow.session(ids[index]);
        bool isDue = s.status == ISessionEscrow.Status.Stopping
            && block.timestamp >= s.evidenceUntil;
        bytes memory data = abi.encodeCall(ISessionEscrow.settle, (ids[index]));
        if (_act(index, _caller(index, by), 0, data)) _books[index].settleCount++;
        else if (isDue) broken = "INV-SETTLE-TOTAL";
    }

    function cancel(
        uint256 index,
        uint256 by,
        uint256 wait
    ) external judged(index) {
        index %= SESSIONS;
        address caller = _caller(index, by);
        bytes memory data = abi.encodeCall(ISessionEscrow.cancel, (ids[index]));
        if (!_act(index, caller, wait, data)) return;
        Books storage b = _books[index];
        b.cancelCount++;
        bool isLate = block.timestamp > b.fundedAt + startWindowSeconds;
        if (caller != _terms[index].student && !isLate) broken = "INV-STRANGER-HARMLESS: cancelled";
    }

    function claim(
        uint256 index,
        uint256 by,
        uint256 to,
        uint256 wait
    ) external judged(index) {
        index %= SESSIONS;
        address recipient = to % 4 == 0 ? actors[to % actors.length] : ELSEWHERE;
        bytes memory data = abi.encodeCall(ISessionEscrow.claim, (ids[index], recipient));
        _act(index, _caller(index, by), wait, data);
    }

    // ------------------------------------------------------------------------------------ claims

    /// @dev After an accepted call on session `index`: judges all sessions and all tokens.
    modifier judged(uint256 index) {
        uint256 accepted = acceptedCount;
        _;
        if (acceptedCount != accepted) _judge(index % SESSIONS);
    }

    function _judge(uint256 index) private {
        for (uint256 i = 0; i < SESSIONS; i++) {
            ISessionEscrow.Session memory s = escrow.session(ids[i]);
            bytes32 seen = keccak256(abi.encode(s));
            if (i != index && seen != _seen[i] && _seen[i] != 0) broken = "INV-ISOLATION";
            _seen[i] = seen;
            uint256 locked = _checkSession(i, s);
            PlainToken token = tokens[i];
            // Each session has a token of its own here, so solvency is per session.
            uint256 held = token.balanceOf(address(escrow));
            if (held < locked) broken = "INV-SOLVENCY";
            if (held + _totalOutside(token) != SUPPLY) broken = "INV-CONSERVATION: total";
        }
    }

    function _totalOutside(PlainToken token) private view returns (uint256 total) {
        for (uint256 a = 0; a < 7; a++) total += token.balanceOf(actors[a]);
        total += token.balanceOf(ELSEWHERE);
    }

    function _checkSession(
        uint256 index,
        ISessionEscrow.Session memory s
    ) private returns (uint256 locked) {
        Books memory b = _books[index];
        locked = _locked(s);
        uint256 paid = b.paidStudent + b.paidTutor + b.paidPlatform;
        if (b.deposited != paid + locked) broken = "INV-CONSERVATION: in is not out and locked";
        if (b.settleCount + b.cancelCount > 1) broken = "INV-SETTLE-ONCE";
        bool bothJoined = b.studentJoinedAt > 0 && b.tutorJoinedAt > 0;
        if (s.startedAt != 0 && !bothJoined) broken = "INV-CONSENT";
        uint256 platform = b.paidPlatform + s.claimPlatform;
        uint256 gross = b.paidTutor + s.claimTutor + platform;
        if (gross > b.deposited) broken = "INV-CAP";
        if (b.settleCount != 1 || !bothJoined) return locked;
        _checkBill(b, s.ratePerSecond, gross, platform);
        if (b.paidStudent + s.claimStudent + gross != b.deposited) broken = "INV-DUST: refund";
    }

    function _checkBill(
        Books memory b,
        uint256 rate,
        uint256 gross,
        uint256 platform
    ) private {
        uint256 startedAt = b.studentJoinedAt > b.tutorJoinedAt
            ? b.studentJoinedAt
            : b.tutorJoinedAt;
        uint256 until = b.stoppedAt < b.provenUntil ? b.stoppedAt : b.provenUntil;
        uint256 due = (until - startedAt) * rate;
        if (gross > due) broken = "INV-NO-OVERPAY";
        if (platform * 10_000 > gross * feeBps) broken = "INV-FEE-EXACT: too much";
        if (gross * feeBps >= (platform + 1) * 10_000) broken = "INV-FEE-EXACT: too little";
        uint256 exact = due > b.deposited ? b.deposited - (b.deposited % rate) : due;
        if (gross != exact) broken = "INV-DUST: bill";
    }

    function _locked(ISessionEscrow.Session memory s) private pure returns (uint256) {
        bool isOpen = s.status == ISessionEscrow.Status.Funded
            || s.status == ISessionEscrow.Status.Active
            || s.status == ISessionEscrow.Status.Stopping;
        if (isOpen) return s.deposit;
        return uint256(s.claimStudent) + s.claimTutor + s.claimPlatform;
    }

    // ------------------------------------------------------------------------------------- parts

    /// @dev Makes the call, and books what the escrow paid to whom.
    function _act(
        uint256 index,
        address caller,
        uint256 wait,
        bytes memory data
    ) private returns (bool ok) {
        _pass(wait);
        PlainToken token = PlainToken(_terms[index].token);
        uint256[3] memory before = _owned(index, token);
        uint256 held = token.balanceOf(address(escrow));
        vm.prank(caller);
        (ok,) = address(escrow).call(data);
        if (!ok) return false;
        acceptedCount++;
        uint256 left = token.balanceOf(address(escrow));
        if (left >= held) return true;
        Books storage b = _books[index];
        if (bytes4(data) == ISessionEscrow.claim.selector) {
            _bookTo(b, index, caller, held - left);
            return true;
        }
        uint256[3] memory owned = _owned(index, token);
        b.paidStudent += owned[0] - before[0];
        b.paidTutor += owned[1] - before[1];
        b.paidPlatform += owned[2] - before[2];
    }

    function _bookTo(Books storage b, uint256 index, address owner, uint256 units) private {
        if (owner == _terms[index].student) b.paidStudent += units;
        else if (owner == _terms[index].tutor) b.paidTutor += units;
        else if (owner == actors[5]) b.paidPlatform += units;
        else broken = "INV-STRANGER-HARMLESS: claimed";
    }

    function _owned(uint256 index, PlainToken token) private view returns (uint256[3] memory) {
        return [
            token.balanceOf(_terms[index].student),
            token.balanceOf(_terms[index].tutor),
            token.balanceOf(actors[5])
        ];
    }

    /// @dev Mostly no time at all: many calls pass between two on the same session.
    function _pass(uint256 wait) private {
        if (wait % 100 == 99) vm.warp(block.timestamp + 1 days);
        else if (wait % 4 == 0) vm.warp(block.timestamp + (wait % 150));
    }

    /// @dev Mostly the student, at times anybody.
    function _payer(uint256 index, uint256 by) private view returns (address) {
        return by % 10 == 9 ? actors[by % actors.length] : _terms[index].student;
    }

    /// @dev Mostly a party, at times anybody.
    function _caller(uint256 index, uint256 by) private view returns (address) {
        uint256 which = by % 10;
        if (which < 4) return _terms[index].student;
        return which < 8 ? _terms[index].tutor : actors[by % actors.length];
    }

    function _isOutsider(uint256 index, address caller) private view returns (bool) {
        ISessionEscrow.Terms storage t = _terms[index];
        return caller != t.student && caller != t.tutor && caller != actors[4];
    }

    /// @dev Mostly up to 200 seconds' worth, at times around the limits.
    function _amount(uint256 index, uint256 amount) private view returns (uint128) {
        uint256 rate = _terms[index].ratePerSecond;
        if (amount % 8 == 7) return uint128(amount);
        return uint128(amount % (200 * rate));
    }

    function _startedAt(Books storage b) private view returns (uint256) {
        return b.studentJoinedAt > b.tutorJoinedAt ? b.studentJoinedAt : b.tutorJoinedAt;
    }

    /// @dev Genuine pings of both, of one or of none, now or earlier; at times a forged one.
    function _stopWithPings(
        uint256 index,
        uint256 pings
    ) private view returns (bytes memory data, uint256 proven) {
        ISessionEscrow.Terms storage t = _terms[index];
        uint256 startedAt = _startedAt(_books[index]);
        (SessionEscrowHardened.Ping memory ofStudent, uint256 student) =
            _ping(ids[index], t.student, pings % 8, startedAt);
        (SessionEscrowHardened.Ping memory ofTutor, uint256 tutor) =
            _ping(ids[index], t.tutor, (pings / 8) % 8, startedAt);
        data = abi.encodeCall(SessionEscrowHardened.stop, (ids[index], ofStudent, ofTutor));
        proven = (student < tutor ? student : tutor) + silenceTimeoutSeconds;
    }

    function _ping(
        bytes32 id,
        address party,
        uint256 kind,
        uint256 startedAt
    ) private view returns (SessionEscrowHardened.Ping memory ping, uint256 seenAt) {
        if (kind == 3) return (ping, startedAt);
        uint256 at = kind == 4 ? startedAt + 5 : kind == 5 ? block.timestamp - 9 : block.timestamp;
        ping.sequence = 1;
        ping.at = uint64(at);
        SessionEscrowHardened hardened = SessionEscrowHardened(address(escrow));
        bytes32 digest = hardened.pingDigest(id, party, 1, ping.at);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(kind == 7 ? 7 : _keyOf(party), digest);
        ping.signature = abi.encodePacked(r, s, v);
        seenAt = at > startedAt ? at : startedAt;
    }

    function _keyOf(address party) private view returns (uint256) {
        for (uint256 a = 0; a < 4; a++) if (actors[a] == party) return a + 1;
        return 7;
    }
}
