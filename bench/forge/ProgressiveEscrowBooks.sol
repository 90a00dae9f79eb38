// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProgressiveEscrow} from "src/progressive-escrow/IProgressiveEscrow.sol";

import {Handler} from "./Handler.sol";

/// @title ProgressiveEscrowBooks
/// @notice The sessions of the handler, the books kept of them from outside, and the claims.
abstract contract ProgressiveEscrowBooks is Handler {
    struct Facts {
        uint256 createCount;
        uint256 createdAt;
        uint256 deposited;
        /// Newest sign of each party; 0 for none.
        uint256 studentAt;
        uint256 mentorAt;
        uint256 startedAt;
        /// The present or last stretch without interruption, and the last signs of each party
        /// before which there was no silence in it; 0 for a party that was not there.
        bool isRunning;
        uint256 since;
        uint256 studentChained;
        uint256 mentorChained;
        /// Seconds that count in the stretches before.
        uint256 counted;
        uint256 pausedSeconds;
        uint256 pausedFrom;
        /// A pause that is resumed in the second of its call was none.
        uint256 interruptedAt;
        uint256 countedBefore;
        uint256 emergency;
        uint256 endCount;
        uint256 paidStudent;
        uint256 paidMentor;
        uint256 paidPlatform;
        uint256 paidOther;
        uint256 locked;
    }

    uint256 internal constant SESSIONS = 5;
    uint256 internal constant ACTORS = 7;
    /// Participants: two students, two mentors, the platform, the owner, a stranger.
    uint256 internal constant PLATFORM = 4;
    uint256 internal constant OWNER = 5;

    IProgressiveEscrow.Deployment internal _deployment;
    uint256 internal immutable tolerance;
    IProgressiveEscrow.Terms[] internal _terms;
    bytes32[] public ids;
    Facts[] internal _facts;
    uint256[] private _tokenOf;
    uint256[] private _studentOf;
    uint256[] private _mentorOf;
    mapping(uint256 student => mapping(uint256 nonce => uint256)) internal _fundedCount;

    constructor(
        address subject_,
        bool isHardened_,
        IProgressiveEscrow.Deployment memory deployment
    ) Handler(subject_, isHardened_, ACTORS, _refused()) {
        _deployment = deployment;
        tolerance = uint256(deployment.heartbeatInterval) + deployment.grace;
        _add(0, 2, PLAIN, 100_000, 5);
        _add(0, 2, PLAIN, 777, 2);
        _add(1, 3, REFUSING, 10_001, 3);
        _add(1, 2, REENTRANT, 5_000, 2);
        _add(0, 3, LONG, 33, 1);
    }

    /// @dev One mentor cannot be paid in the token that refuses.
    function _refused() private pure returns (address[] memory refused) {
        refused = new address[](1);
        refused[0] = _addressOf(3);
    }

    function _add(
        uint256 student,
        uint256 mentor,
        uint256 token,
        uint128 totalAmount,
        uint32 durationMinutes
    ) private {
        IProgressiveEscrow.Terms memory terms = IProgressiveEscrow.Terms({
            student: _actors[student],
            mentor: _actors[mentor],
            token: address(_tokens[token]),
            totalAmount: totalAmount,
            durationMinutes: durationMinutes,
            nonce: uint64(ids.length)
        });
        ids.push(IProgressiveEscrow(subject).sessionIdOf(terms));
        _terms.push(terms);
        _facts.push();
        _tokenOf.push(token);
        _studentOf.push(student);
        _mentorOf.push(mentor);
    }

    /// @dev What the policy as described cannot keep.
    function _promises(bytes32 claim) internal view override returns (bool) {
        if (isHardened) return true;
        return claim == "INV-PROGRESSIVE-CAP" || claim == "INV-RISK-FALLS"
            || claim == "INV-SETTLE-ONCE" || claim == "INV-DUST" || claim == "INV-ISOLATION"
            || claim == "INV-SINGLE-USE" || claim == "INV-STRANGER-HARMLESS"
            || claim == "INV-COMPLETE-TOTAL" || claim == "INV-NO-SHOW-REFUND";
    }

    /// @dev A session that is over, or not begun, makes room for another; at times its nonce stays.
    function _renew(uint256 index, bool keepsNonce) internal {
        Facts storage f = _facts[index];
        if (f.createCount > 0 && f.endCount == 0) return;
        IProgressiveEscrow.Session memory s = _session(index);
        if (s.claimStudent + s.claimMentor + s.claimPlatform > 0) return;
        if (keepsNonce) _terms[index].totalAmount += 1;
        else _terms[index].nonce += uint64(SESSIONS);
        ids[index] = IProgressiveEscrow(subject).sessionIdOf(_terms[index]);
        delete _facts[index];
        _forget(index);
    }

    function tokenOf(uint256 index) public view override returns (uint256) {
        return _tokenOf[index];
    }

    function studentOf(uint256 index) public view returns (uint256) {
        return _studentOf[index];
    }

    function mentorOf(uint256 index) public view returns (uint256) {
        return _mentorOf[index];
    }

    function _agreements() internal pure override returns (uint256) {
        return SESSIONS;
    }

    function _view(uint256 index) internal view override returns (bytes memory) {
        return _read(abi.encodeCall(IProgressiveEscrow.session, (ids[index])));
    }

    function _session(uint256 index) internal view returns (IProgressiveEscrow.Session memory) {
        return IProgressiveEscrow(subject).session(ids[index]);
    }

    function _isParty(Call memory c) internal view returns (bool) {
        return c.by == studentOf(c.index) || c.by == mentorOf(c.index);
    }

    // ----------------------------------------------------------------------------------- times

    function _agreed(uint256 index) internal view returns (uint256) {
        return uint256(_terms[index].durationMinutes) * 60;
    }

    /// @dev From when on anyone may complete; as described, the delay runs from the creation.
    function _autoCompleteFrom(uint256 index) internal view returns (uint256) {
        Facts storage f = _facts[index];
        uint256 from =
            isHardened ? f.startedAt + _agreed(index) + f.pausedSeconds : f.createdAt;
        return from + _deployment.autoReleaseDelay;
    }

    function _deadline(uint256 index, uint256 which) internal view returns (uint256) {
        Facts storage f = _facts[index];
        if (f.createCount == 0 || f.endCount > 0 || f.startedAt == 0) return 0;
        if (which % 4 == 0) return _autoCompleteFrom(index);
        uint256 older = _least(f.studentAt, f.mentorAt);
        if (which % 4 == 1) return older + tolerance + 1;
        if (which % 4 == 2) return older + _deployment.heartbeatInterval;
        return uint256(_session(index).lastReleaseAt) + _deployment.releaseInterval;
    }

    /// @dev Up to when a stretch counts if it ends now.
    function _stretchEnd(Facts storage f) private view returns (uint256) {
        if (!isHardened) return block.timestamp;
        if (f.studentChained == 0 || f.mentorChained == 0) return f.since;
        uint256 proven =
            _least(f.studentChained, f.mentorChained) + _deployment.heartbeatInterval;
        return proven <= f.since ? f.since : _least(proven, block.timestamp);
    }

    function _counted(uint256 index) private view returns (uint256) {
        Facts storage f = _facts[index];
        return f.counted + (f.isRunning ? _stretchEnd(f) - f.since : 0);
    }

    function _sign(Call memory c) internal {
        Facts storage f = _facts[c.index];
        uint256 last = c.by == studentOf(c.index) ? f.studentChained : f.mentorChained;
        bool isChained = f.isRunning && last > 0 && block.timestamp - last <= tolerance;
        if (c.by == studentOf(c.index)) {
            f.studentAt = block.timestamp;
            if (isChained) f.studentChained = block.timestamp;
        } else if (c.by == mentorOf(c.index)) {
            f.mentorAt = block.timestamp;
            if (isChained) f.mentorChained = block.timestamp;
        }
    }

    function _beginStretch(Facts storage f) internal {
        f.isRunning = true;
        f.since = block.timestamp;
        f.studentChained = block.timestamp - f.studentAt <= tolerance ? f.studentAt : 0;
        f.mentorChained = block.timestamp - f.mentorAt <= tolerance ? f.mentorAt : 0;
    }

    function _endStretch(Facts storage f) internal {
        if (!f.isRunning) return;
        uint256 until = _stretchEnd(f);
        f.isRunning = false;
        f.countedBefore = f.counted;
        f.counted += until - f.since;
        f.pausedFrom = until;
        f.interruptedAt = 0;
    }

    /// @dev Hardened: whether a party has been silent for too long.
    function _isQuiet(Facts storage f) internal view returns (bool) {
        if (!isHardened || !f.isRunning) return false;
        if (f.studentChained == 0 || f.mentorChained == 0) return true;
        return block.timestamp - _least(f.studentChained, f.mentorChained) > tolerance;
    }

    // ---------------------------------------------------------------------------------- claims

    /// @dev After each accepted call, whose facts are booked already.
    function _judge(Call memory c, bool isDueToOutsider) internal {
        Facts storage f = _facts[c.index];
        IProgressiveEscrow.Session memory s = _session(c.index);
        _book(c);
        bool isHarmful = !_isParty(c) && (f.paidOther > 0 || !isDueToOutsider);
        _breaks(isHarmful, "INV-STRANGER-HARMLESS");
        _breaks(f.endCount > 1, "INV-SETTLE-ONCE");
        uint256 locked = _locked(s);
        uint256 out = f.paidStudent + f.paidMentor + f.paidPlatform + f.paidOther;
        _breaks(f.deposited != out + locked, "INV-CONSERVATION");
        _breaks(f.locked > 0 && locked > f.locked, "INV-RISK-FALLS");
        f.locked = locked;
        _judgeTime(c.index, s);
        _judgeAll(c.index);
    }

    function _gross(
        uint256 index,
        IProgressiveEscrow.Session memory s
    ) internal view returns (uint256) {
        Facts storage f = _facts[index];
        return f.paidMentor + f.paidPlatform + s.claimMentor + s.claimPlatform;
    }

    function _judgeTime(uint256 index, IProgressiveEscrow.Session memory s) private {
        Facts storage f = _facts[index];
        uint256 gross = _gross(index, s);
        uint256 earned = gross > f.emergency ? gross - f.emergency : 0;
        _breaks(gross > f.deposited, "INV-CAP");
        bool isMore = earned * _agreed(index) > f.deposited * _counted(index);
        _breaks(isMore, "INV-MONEY-FOLLOWS-TIME");
        bool isMuch = earned * 10_000 > f.deposited * _deployment.progressiveBps;
        _breaks(f.endCount == 0 && isMuch, "INV-PROGRESSIVE-CAP");
    }

    function _book(Call memory c) private {
        Facts storage f = _facts[c.index];
        f.deposited += _taken(c);
        uint256 paid = _paid(c);
        if (paid == 0) return;
        uint256 elsewhere = _received(c, ACTORS);
        uint256 student = _received(c, studentOf(c.index));
        uint256 mentor = _received(c, mentorOf(c.index));
        uint256 platform = _received(c, PLATFORM);
        // Claimed to somewhere else: it is the money of who claims.
        if (c.by == studentOf(c.index)) student += elsewhere;
        else if (c.by == mentorOf(c.index)) mentor += elsewhere;
        else if (c.by == PLATFORM) platform += elsewhere;
        f.paidStudent += student;
        f.paidMentor += mentor;
        f.paidPlatform += platform;
        f.paidOther += paid - _least(paid, student + mentor + platform);
    }

    /// @dev After a completion: the fee and the refund to the unit.
    function _judgeEnd(uint256 index) internal {
        Facts storage f = _facts[index];
        IProgressiveEscrow.Session memory s = _session(index);
        uint256 gross = _gross(index, s);
        uint256 platform = f.paidPlatform + s.claimPlatform;
        uint256 scaled = gross * _deployment.feeBps;
        bool isExact = platform * 10_000 <= scaled && scaled < (platform + 1) * 10_000;
        _breaks(!isExact, "INV-FEE-EXACT");
        uint256 rest = f.deposited > gross ? f.deposited - gross : 0;
        _breaks(f.paidStudent + s.claimStudent != rest, "INV-DUST");
    }

    /// @dev In a token that refuses somebody, everybody else is paid at once.
    function _judgeRecipients(Call memory c, bool isDue) internal {
        if (tokenOf(c.index) != REFUSING) return;
        _breaks(isDue && !c.ok, "INV-RECIPIENT-ISOLATION");
        if (!c.ok) return;
        IProgressiveEscrow.Session memory s = _session(c.index);
        // The mentor of the only session in this token is refused, student and platform are not.
        _breaks(s.claimStudent > 0 || s.claimPlatform > 0, "INV-RECIPIENT-ISOLATION");
    }

    function _lockedBy(bytes memory answer) internal pure override returns (uint256) {
        return _locked(abi.decode(answer, (IProgressiveEscrow.Session)));
    }

    function _locked(IProgressiveEscrow.Session memory s) private pure returns (uint256) {
        uint256 claims = s.claimStudent + s.claimMentor + s.claimPlatform;
        bool isOpen = s.status == IProgressiveEscrow.Status.Created
            || s.status == IProgressiveEscrow.Status.Active
            || s.status == IProgressiveEscrow.Status.Paused;
        if (!isOpen || s.released > s.totalAmount) return claims;
        return claims + s.totalAmount - s.released;
    }
}
