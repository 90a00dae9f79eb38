// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionEscrow} from "src/session-escrow/ISessionEscrow.sol";
import {SessionEscrowHardened} from "src/session-escrow/SessionEscrowHardened.sol";

import {Handler} from "./Handler.sol";

/// @title SessionBooks
/// @notice The sessions of the handler, the books kept of them from outside, and the claims.
abstract contract SessionBooks is Handler {
    struct Facts {
        uint256 depositCount;
        uint256 deposited;
        uint256 fundedAt;
        uint256 studentJoinedAt;
        uint256 tutorJoinedAt;
        uint256 stoppedAt;
        /// Hardened: the latest second that accepted evidence proves.
        uint256 provenUntil;
        uint256 settleCount;
        uint256 cancelCount;
        /// Paid out so far, by whose money it was.
        uint256 paidStudent;
        uint256 paidTutor;
        uint256 paidPlatform;
        uint256 paidOther;
        bool isActive;
    }

    /// What a party was entitled to when it was last looked at.
    struct Fixed {
        bool isBill;
        uint256 billed;
        bool isShares;
        uint256 student;
        uint256 tutor;
        uint256 platform;
    }

    uint256 internal constant SESSIONS = 6;
    uint256 internal constant ACTORS = 7;
    /// Participants: two students, two tutors, the relayer, the platform, a stranger.
    uint256 internal constant RELAYER = 4;
    uint256 internal constant PLATFORM = 5;
    uint256 internal constant STRANGER = 6;

    ISessionEscrow.Deployment internal _deployment;
    uint256 public immutable evidenceWindowSeconds;
    ISessionEscrow.Terms[] internal _terms;
    bytes32[] public ids;
    Facts[] internal _facts;
    Fixed[] private _fixed;
    uint256[] private _tokenOf;
    uint256[] private _studentOf;
    uint256[] private _tutorOf;

    constructor(
        address subject_,
        bool isHardened_,
        ISessionEscrow.Deployment memory deployment,
        uint256 evidenceWindowSeconds_
    ) Handler(subject_, isHardened_, ACTORS, _refused()) {
        _deployment = deployment;
        evidenceWindowSeconds = isHardened_ ? evidenceWindowSeconds_ : 0;
        _add(0, 2, PLAIN, 1_000);
        _add(0, 3, PLAIN, 7);
        _add(1, 2, REFUSING, 333_333);
        _add(1, 3, REENTRANT, 10);
        _add(0, 2, REFUSING, 1_000);
        _add(0, 2, FEE, 1_000);
    }

    /// @dev One tutor cannot be paid in the token that refuses.
    function _refused() private pure returns (address[] memory refused) {
        refused = new address[](1);
        refused[0] = _addressOf(2);
    }

    function _add(uint256 student, uint256 tutor, uint256 token, uint128 rate) private {
        ISessionEscrow.Terms memory terms = ISessionEscrow.Terms({
            student: _actors[student],
            tutor: _actors[tutor],
            token: address(_tokens[token]),
            ratePerSecond: rate,
            salt: ids.length
        });
        ids.push(ISessionEscrow(subject).sessionIdOf(terms));
        _terms.push(terms);
        _facts.push();
        _fixed.push();
        _tokenOf.push(token);
        _studentOf.push(student);
        _tutorOf.push(tutor);
    }

    /// @dev A session that is over, with nothing left to claim, makes room for another like it.
    function _renew(uint256 index) internal {
        Facts storage f = _facts[index];
        if (f.settleCount + f.cancelCount == 0) return;
        ISessionEscrow.Session memory s = _session(index);
        if (s.claimStudent + s.claimTutor + s.claimPlatform > 0) return;
        _terms[index].salt += SESSIONS;
        ids[index] = ISessionEscrow(subject).sessionIdOf(_terms[index]);
        delete _facts[index];
        delete _fixed[index];
        _forget(index);
    }

    function tokenOf(uint256 index) public view override returns (uint256) {
        return _tokenOf[index];
    }

    function studentOf(uint256 index) public view returns (uint256) {
        return _studentOf[index];
    }

    function tutorOf(uint256 index) public view returns (uint256) {
        return _tutorOf[index];
    }

    function _agreements() internal pure override returns (uint256) {
        return SESSIONS;
    }

    function _view(uint256 index) internal view override returns (bytes memory) {
        return _read(abi.encodeCall(ISessionEscrow.session, (ids[index])));
    }

    function _session(uint256 index) internal view returns (ISessionEscrow.Session memory) {
        return ISessionEscrow(subject).session(ids[index]);
    }

    function _isOutsider(Call memory c) internal view returns (bool) {
        return c.by != studentOf(c.index) && c.by != tutorOf(c.index);
    }

    // ----------------------------------------------------------------------------------- times

    /// @dev When both had joined; 0 before.
    function _startedAt(uint256 index) internal view returns (uint256) {
        Facts storage f = _facts[index];
        if (f.studentJoinedAt == 0 || f.tutorJoinedAt == 0) return 0;
        return f.studentJoinedAt > f.tutorJoinedAt ? f.studentJoinedAt : f.tutorJoinedAt;
    }

    function _capAt(uint256 index) internal view returns (uint256) {
        return _startedAt(index) + _facts[index].deposited / _terms[index].ratePerSecond;
    }

    function _deadline(uint256 index) internal view returns (uint256) {
        Facts storage f = _facts[index];
        if (f.depositCount == 0 || f.settleCount + f.cancelCount > 0) return 0;
        if (f.stoppedAt > 0) return f.stoppedAt + evidenceWindowSeconds;
        if (_startedAt(index) > 0) return _capAt(index);
        return f.fundedAt + _deployment.startWindowSeconds + 1;
    }

    // --------------------------------------------------------------------------------- figures

    /// @dev Mostly up to 200 seconds' worth, at times around the limits.
    function _amount(uint256 index, uint256 drawn) internal view returns (uint128) {
        uint256 rate = _terms[index].ratePerSecond;
        if (drawn % 16 == 15) return uint128(drawn / 16);
        if (drawn % 16 == 14) return uint128(rate * (1 + (drawn / 16) % 200) - (drawn / 16) % 2);
        return uint128((drawn / 16) % (200 * rate));
    }

    /// @dev Genuine pings of both, of one or of none, now or earlier; at times one that is not.
    /// @return data The call.
    /// @return proven The second that the pings prove; 0 when one of them is not genuine.
    function _stopWithPings(
        uint256 index,
        uint256 pings
    ) internal view returns (bytes memory data, uint256 proven) {
        (SessionEscrowHardened.Ping memory ofStudent, uint256 student) =
            _ping(index, studentOf(index), tutorOf(index), pings % 20);
        (SessionEscrowHardened.Ping memory ofTutor, uint256 tutor) =
            _ping(index, tutorOf(index), studentOf(index), (pings / 20) % 20);
        data = abi.encodeCall(SessionEscrowHardened.stop, (ids[index], ofStudent, ofTutor));
        uint256 older = _least(student, tutor);
        proven = older == 0 ? 0 : older + _deployment.silenceTimeoutSeconds;
    }

    function _ping(
        uint256 index,
        uint256 party,
        uint256 other,
        uint256 kind
    ) private view returns (SessionEscrowHardened.Ping memory ping, uint256 seenAt) {
        uint256 startedAt = _startedAt(index);
        if (startedAt == 0) startedAt = 1;
        if (kind < 3) return (ping, startedAt);
        uint256 at = block.timestamp;
        if (kind < 6) at = startedAt + 5;
        else if (kind < 10) at = block.timestamp - 9;
        ping.sequence = 1;
        ping.at = uint64(at);
        uint256 about = kind == 16 ? (index + 1) % SESSIONS : index;
        uint64 says = kind == 17 ? ping.at - 1 : ping.at;
        uint256 signer = kind == 18 ? STRANGER : kind == 19 ? other : party;
        // The other side's own ping is what a crossed one is.
        address said = kind == 19 && index % 2 == 0 ? _actors[other] : _actors[party];
        bytes32 digest =
            SessionEscrowHardened(subject).pingDigest(ids[about], said, ping.sequence, says);
        ping.signature = _signed(signer, digest);
        if (kind < 16) seenAt = at > startedAt ? at : startedAt;
    }

    // ---------------------------------------------------------------------------------- claims

    function _judge(Call memory c) internal {
        Facts storage f = _facts[c.index];
        ISessionEscrow.Session memory s = _session(c.index);
        _book(c);
        uint256 paid = f.paidStudent + f.paidTutor + f.paidPlatform + f.paidOther;
        _breaks(f.deposited != paid + _locked(s), "INV-CONSERVATION");
        _breaks(f.settleCount + f.cancelCount > 1, "INV-SETTLE-ONCE");
        bool isActive = s.status == ISessionEscrow.Status.Active;
        if (isActive && !f.isActive) {
            uint256 startedAt = _startedAt(c.index);
            _breaks(startedAt == 0 || s.startedAt != startedAt, "INV-CONSENT");
        }
        f.isActive = isActive;
        _breaks(_isOutsider(c) && f.paidOther > 0, "INV-STRANGER-HARMLESS");
        uint256 gross = f.paidTutor + f.paidPlatform + s.claimTutor + s.claimPlatform;
        _breaks(gross > f.deposited, "INV-CAP");
        _breaks(gross > _billable(c.index) * s.ratePerSecond && gross > 0, "INV-NO-OVERPAY");
        _judgeFixed(c.index, s);
        _judgeAll(c.index);
    }

    function _billable(uint256 index) private view returns (uint256) {
        Facts storage f = _facts[index];
        uint256 startedAt = _startedAt(index);
        if (startedAt == 0 || f.stoppedAt == 0) return 0;
        uint256 until = isHardened ? _least(f.stoppedAt, f.provenUntil) : f.stoppedAt;
        return until > startedAt ? until - startedAt : 0;
    }

    function _book(Call memory c) private {
        Facts storage f = _facts[c.index];
        f.deposited += _taken(c);
        uint256 paid = _paid(c);
        if (paid == 0) return;
        uint256 student = _received(c, studentOf(c.index));
        uint256 tutor = _received(c, tutorOf(c.index));
        uint256 platform = _received(c, PLATFORM);
        if (student + tutor + platform == 0) {
            // Claimed to somewhere else: it is the money of who claims.
            if (c.by == studentOf(c.index)) student = paid;
            else if (c.by == tutorOf(c.index)) tutor = paid;
            else if (c.by == PLATFORM) platform = paid;
        }
        f.paidStudent += student;
        f.paidTutor += tutor;
        f.paidPlatform += platform;
        f.paidOther += paid - _least(paid, student + tutor + platform);
    }

    /// @dev The bill never falls while it is open to evidence, nor a share afterwards.
    function _judgeFixed(uint256 index, ISessionEscrow.Session memory s) private {
        Facts storage f = _facts[index];
        Fixed storage was = _fixed[index];
        uint256 student = f.paidStudent + s.claimStudent;
        uint256 tutor = f.paidTutor + s.claimTutor;
        uint256 platform = f.paidPlatform + s.claimPlatform;
        bool isBill = s.status == ISessionEscrow.Status.Stopping;
        bool isShares = s.status >= ISessionEscrow.Status.Settled
            && s.status <= ISessionEscrow.Status.Closed;
        uint256 billed = uint256(s.billedSeconds) * s.ratePerSecond;
        bool hasFallen = was.isShares
            ? student < was.student || tutor < was.tutor || platform < was.platform
            : was.isBill && (isShares ? tutor + platform : billed) < was.billed;
        bool isBack = (was.isBill || was.isShares) && !isBill && !isShares;
        _breaks(hasFallen || isBack, "INV-ENTITLEMENT-MONOTONE");
        if (!isBill && !isShares) return;
        _fixed[index] = Fixed(isBill, billed, isShares, student, tutor, platform);
    }

    /// @dev After a settlement: the fee, the bill and the refund to the unit.
    function _judgeBill(uint256 index) internal {
        Facts storage f = _facts[index];
        ISessionEscrow.Session memory s = _session(index);
        uint256 platform = f.paidPlatform + s.claimPlatform;
        uint256 gross = f.paidTutor + s.claimTutor + platform;
        uint256 scaled = gross * _deployment.feeBps;
        bool isExact = platform * 10_000 <= scaled && scaled < (platform + 1) * 10_000;
        _breaks(!isExact, "INV-FEE-EXACT");
        if (f.settleCount > 1) return;
        uint256 due = _billable(index) * s.ratePerSecond;
        if (due > f.deposited) due = f.deposited - (f.deposited % s.ratePerSecond);
        uint256 student = f.paidStudent + s.claimStudent;
        _breaks(gross != due || student + gross != f.deposited, "INV-DUST");
    }

    /// @dev In a token that refuses somebody, everybody else is paid at once.
    function _judgeRecipients(Call memory c, bool isDue) internal {
        if (!isDue || tokenOf(c.index) != REFUSING) return;
        _breaks(!c.ok, "INV-RECIPIENT-ISOLATION");
        if (!c.ok) return;
        ISessionEscrow.Session memory s = _session(c.index);
        // The tutor of both sessions in this token is refused, students and platform are not.
        _breaks(s.claimStudent > 0 || s.claimPlatform > 0, "INV-RECIPIENT-ISOLATION");
    }

    function _lockedBy(bytes memory answer) internal pure override returns (uint256) {
        return _locked(abi.decode(answer, (ISessionEscrow.Session)));
    }

    function _locked(ISessionEscrow.Session memory s) private pure returns (uint256) {
        bool isIn = s.status == ISessionEscrow.Status.Funded
            || s.status == ISessionEscrow.Status.Active
            || s.status == ISessionEscrow.Status.Stopping;
        if (isIn) return s.deposit;
        return uint256(s.claimStudent) + s.claimTutor + s.claimPlatform;
    }
}
