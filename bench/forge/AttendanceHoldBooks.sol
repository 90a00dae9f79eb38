// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAttendanceHold} from "src/attendance-hold/IAttendanceHold.sol";

import {Handler} from "./Handler.sol";

/// @title AttendanceHoldBooks
/// @notice The holds of the handler, the books kept of them from outside, and the claims.
abstract contract AttendanceHoldBooks is Handler {
    struct Facts {
        uint256 purchaseCount;
        uint256 deposited;
        uint256 finishedAt;
        /// The end as attested; as described the block that finished the session.
        uint256 endedAt;
        uint256 endCount;
        bool isReleased;
        uint256 paidStudent;
        uint256 paidTeacher;
        uint256 paidReferrer;
        uint256 paidPlatform;
        uint256 paidOther;
        uint256 lastLeftAt;
    }

    /// A record that was accepted.
    struct Record {
        uint32 number;
        uint64 joinedAt;
        uint64 leftAt;
    }

    uint256 internal constant HOLDS = 5;
    uint256 internal constant ACTORS = 9;
    /// Participants: two students, two teachers, a referrer, attestor, keeper, platform, stranger.
    uint256 internal constant REFERRER = 4;
    uint256 internal constant ATTESTOR = 5;
    uint256 internal constant KEEPER = 6;
    uint256 internal constant PLATFORM = 7;
    uint256 internal constant STRANGER = 8;
    /// Kinds of attestations below this are the attestor's own, for exactly what is claimed.
    uint256 internal constant GENUINE_BELOW = 16;
    uint256 internal constant KINDS = 22;
    /// Another contract like this one.
    address private constant PREDECESSOR = 0x0C0c0C0c0c0c0c0c0c0c0C0C0C0c0c0C0c0c0c0c;

    IAttendanceHold.Config internal _config;
    IAttendanceHold.Terms[] internal _terms;
    bytes32[] public ids;
    Facts[] internal _facts;
    mapping(uint256 index => Record[]) internal _records;
    uint256[] private _tokenOf;
    uint256[] private _studentOf;
    uint256[] private _teacherOf;

    constructor(
        address subject_,
        bool isHardened_,
        IAttendanceHold.Config memory config
    ) Handler(subject_, isHardened_, ACTORS, _refused()) {
        _config = config;
        _add(0, 2, PLAIN, 10_001, true);
        _add(0, 2, PLAIN, 777, false);
        _add(1, 3, LONG, 33, true);
        _add(1, 3, REFUSING, 5_005, true);
        _add(0, 3, REENTRANT, 1_000, true);
    }

    /// @dev One student and the referrer cannot be paid in the token that refuses.
    function _refused() private pure returns (address[] memory refused) {
        refused = new address[](2);
        (refused[0], refused[1]) = (_addressOf(1), _addressOf(REFERRER));
    }

    function _add(
        uint256 student,
        uint256 teacher,
        uint256 token,
        uint128 price,
        bool isReferred
    ) private {
        IAttendanceHold.Terms memory terms = IAttendanceHold.Terms({
            student: _actors[student],
            teacher: _actors[teacher],
            referrer: isReferred ? _actors[REFERRER] : address(0),
            token: address(_tokens[token]),
            price: price,
            startsAt: uint64(START + 200),
            salt: ids.length
        });
        ids.push(IAttendanceHold(subject).holdIdOf(terms));
        _terms.push(terms);
        _facts.push();
        _tokenOf.push(token);
        _studentOf.push(student);
        _teacherOf.push(teacher);
    }

    /// @dev What the policy as described cannot keep.
    function _promises(bytes32 claim) internal view override returns (bool) {
        if (isHardened) return true;
        return claim == "INV-CONSERVATION" || claim == "INV-SOLVENCY" || claim == "INV-CAP"
            || claim == "INV-DUST" || claim == "INV-FEE" || claim == "INV-SETTLE-ONCE"
            || claim == "INV-SINGLE-USE" || claim == "INV-ISOLATION";
    }

    /// @dev A hold that is over, or whose start has passed unsold, makes room for another like it.
    function _renew(uint256 index, uint256 ahead) internal {
        Facts storage f = _facts[index];
        bool isStale = f.purchaseCount == 0 && block.timestamp > _terms[index].startsAt;
        if (f.endCount == 0 && !isStale) return;
        if (_claims(_hold(index)) > 0) return;
        _terms[index].salt += HOLDS;
        _terms[index].startsAt = uint64(block.timestamp + ahead);
        ids[index] = IAttendanceHold(subject).holdIdOf(_terms[index]);
        delete _facts[index];
        delete _records[index];
        _forget(index);
    }

    function tokenOf(uint256 index) public view override returns (uint256) {
        return _tokenOf[index];
    }

    function studentOf(uint256 index) public view returns (uint256) {
        return _studentOf[index];
    }

    function teacherOf(uint256 index) public view returns (uint256) {
        return _teacherOf[index];
    }

    function _agreements() internal pure override returns (uint256) {
        return HOLDS;
    }

    function _view(uint256 index) internal view override returns (bytes memory) {
        return _read(abi.encodeCall(IAttendanceHold.hold, (ids[index])));
    }

    function _hold(uint256 index) internal view returns (IAttendanceHold.Hold memory) {
        return IAttendanceHold(subject).hold(ids[index]);
    }

    function _isHeld(uint256 index) internal view returns (bool) {
        return _facts[index].purchaseCount > 0 && _facts[index].endCount == 0;
    }

    /// @dev Neither student, teacher or referrer, nor in an office.
    function _isOutsider(Call memory c) internal view returns (bool) {
        bool isParty = c.by == studentOf(c.index) || c.by == teacherOf(c.index);
        return !isParty && (c.by < REFERRER || c.by > PLATFORM);
    }

    // ----------------------------------------------------------------------------------- times

    function _noShowAt(uint256 index) internal view returns (uint256) {
        return uint256(_terms[index].startsAt) + _config.sessionSeconds + _config.noShowSeconds;
    }

    function _recordsUntil(uint256 index) internal view returns (uint256) {
        return _facts[index].finishedAt + _config.attestationWindowSeconds;
    }

    function _deadline(uint256 index) internal view returns (uint256) {
        if (!_isHeld(index)) return 0;
        if (_facts[index].finishedAt == 0) {
            uint256 startsAt = _terms[index].startsAt;
            if (block.timestamp < startsAt) return startsAt + 1;
            uint256 over = startsAt + _config.sessionSeconds;
            return block.timestamp < over ? over : _noShowAt(index);
        }
        uint256 until = _recordsUntil(index);
        return block.timestamp < until ? until : until + _config.keeperWindowSeconds;
    }

    /// @dev Length of the union of all accepted records, in seconds.
    function _union(uint256 index) internal view returns (uint256 union_) {
        Record[] storage records = _records[index];
        uint256 cursor = 0;
        while (true) {
            uint256 joined = type(uint256).max;
            uint256 left = 0;
            for (uint256 i = 0; i < records.length; i++) {
                if (records[i].leftAt <= cursor || records[i].joinedAt >= joined) continue;
                (joined, left) = (records[i].joinedAt, records[i].leftAt);
            }
            if (left == 0) return union_;
            union_ += left - (joined > cursor ? joined : cursor);
            cursor = left;
        }
    }

    // ---------------------------------------------------------------------------- attestations

    function _attested(
        uint256 index,
        bytes32 content,
        bytes32 altered,
        bytes32 foreign,
        uint256 kind
    ) internal view returns (bytes memory) {
        address to = kind == 21 ? PREDECESSOR : subject;
        if (kind == 20) return new bytes(65);
        if (kind == 19) content = altered;
        if (kind == 18) content = foreign;
        uint256 signer = kind == 16 ? STRANGER : kind == 17 ? teacherOf(index) : ATTESTOR;
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,"
                    "address verifyingContract)"
                ),
                keccak256("MeterproofAttendance"),
                keccak256("1"),
                block.chainid,
                to
            )
        );
        return _signed(signer, keccak256(abi.encodePacked(hex"1901", domain, content)));
    }

    // ---------------------------------------------------------------------------------- claims

    /// @dev After each accepted call, whose record is booked already.
    function _judge(Call memory c, bool isDueToOutsider) internal {
        Facts storage f = _facts[c.index];
        IAttendanceHold.Hold memory h = _hold(c.index);
        _book(c);
        _breaks(_isOutsider(c) && !isDueToOutsider, "INV-STRANGER-HARMLESS");
        _breaks(f.paidOther > 0, "INV-STRANGER-HARMLESS");
        _breaks(f.endCount > 1, "INV-SETTLE-ONCE");
        _breaks(h.attendedSeconds != _union(c.index), "INV-UNION");
        uint256 until = _least(block.timestamp, f.endedAt == 0 ? block.timestamp : f.endedAt);
        uint256 startsAt = _terms[c.index].startsAt;
        uint256 ran = until > startsAt ? until - startsAt : 0;
        _breaks(h.attendedSeconds > ran, "INV-WITHIN-SESSION");
        if (f.endedAt > 0) _breaks(h.lengthSeconds != f.endedAt - startsAt, "INV-LENGTH");
        _judgeShares(c.index, h);
        _judgeAll(c.index);
    }

    function _book(Call memory c) private {
        Facts storage f = _facts[c.index];
        f.deposited += _taken(c);
        uint256 paid = _paid(c);
        if (paid == 0) return;
        uint256 elsewhere = _received(c, ACTORS);
        uint256 student = _received(c, studentOf(c.index));
        uint256 teacher = _received(c, teacherOf(c.index));
        uint256 referrer = _received(c, REFERRER);
        uint256 platform = _received(c, PLATFORM);
        // Claimed to somewhere else: it is the money of who claims.
        if (c.by == studentOf(c.index)) student += elsewhere;
        else if (c.by == teacherOf(c.index)) teacher += elsewhere;
        else if (c.by == REFERRER) referrer += elsewhere;
        else if (c.by == PLATFORM) platform += elsewhere;
        f.paidStudent += student;
        f.paidTeacher += teacher;
        f.paidReferrer += referrer;
        f.paidPlatform += platform;
        f.paidOther += paid - _least(paid, student + teacher + referrer + platform);
    }

    function _judgeShares(uint256 index, IAttendanceHold.Hold memory h) private {
        Facts storage f = _facts[index];
        uint256 out =
            f.paidStudent + f.paidTeacher + f.paidReferrer + f.paidPlatform + f.paidOther;
        _breaks(f.deposited != out + _locked(h), "INV-CONSERVATION");
        uint256 student = f.paidStudent + h.claimStudent;
        uint256 teacher = f.paidTeacher + h.claimTeacher;
        uint256 referrer = f.paidReferrer + h.claimReferrer;
        uint256 commission = referrer + f.paidPlatform + h.claimPlatform;
        _breaks(student + teacher + commission > f.deposited, "INV-CAP");
        if (f.endCount == 0) return;
        bool isWhole = f.isReleased
            ? teacher + commission == f.deposited && student == 0
            : student == f.deposited && teacher + commission == 0;
        _breaks(!isWhole, "INV-DUST");
        if (!f.isReleased) return;
        bool isReferred = _terms[index].referrer != address(0);
        uint256 scaled = isReferred ? f.deposited * _config.commissionBps : 0;
        bool isExact = commission * 10_000 <= scaled && scaled < (commission + 1) * 10_000;
        _breaks(!isExact, "INV-FEE");
        _breaks(referrer != commission, "INV-REFERRER");
    }

    /// @dev In a token that refuses somebody, everybody else is paid at once.
    function _judgeRecipients(Call memory c, bool isDue) internal {
        if (!isDue || tokenOf(c.index) != REFUSING) return;
        // Student and referrer of the only hold in this token are refused, the teacher is not.
        _breaks(!c.ok || _hold(c.index).claimTeacher > 0, "INV-RECIPIENT-ISOLATION");
    }

    function _lockedBy(bytes memory answer) internal pure override returns (uint256) {
        return _locked(abi.decode(answer, (IAttendanceHold.Hold)));
    }

    function _locked(IAttendanceHold.Hold memory h) private pure returns (uint256) {
        return (h.status == IAttendanceHold.Status.Held ? h.price : 0) + _claims(h);
    }

    function _claims(IAttendanceHold.Hold memory h) internal pure returns (uint256) {
        return uint256(h.claimStudent) + h.claimTeacher + h.claimReferrer + h.claimPlatform;
    }
}
