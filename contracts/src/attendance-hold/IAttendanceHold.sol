// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IAttendanceHold
/// @notice What both policies of the attendance hold share: types, events, errors and the actions
/// whose shape does not depend on the policy (`recordAttendance`, `finishSession` and `process` do,
/// and are declared by each policy). The errors of taking a payment in stand in TokenMover.
/// @dev Units. Every amount is in base units of the hold's token (its own decimals). Every time is
/// a Unix time in seconds, as the block states it or as the call platform has it; every duration
/// is in seconds. A share in `Bps` is in hundredths of a percent (10,000 is the whole).
interface IAttendanceHold {
    /// @notice Where a hold stands. That its session is finished is a time and no status.
    /// @custom:value0 None Never purchased.
    /// @custom:value1 Held Paid; the price waits for the session and its attendance.
    /// @custom:value2 Released The price went to the teacher, less a commission.
    /// @custom:value3 Refunded The price went back to the student.
    enum Status {
        None,
        Held,
        Released,
        Refunded
    }

    /// @notice How the student came.
    /// @custom:value0 Absent No record of it.
    /// @custom:value1 Late Joined later than the time that is granted.
    /// @custom:value2 Present Joined in time.
    enum Attendance {
        Absent,
        Late,
        Present
    }

    /// @notice What a contract of this protocol is deployed with.
    /// @param attestor Turns events of the call platform into records of attendance.
    /// @param keeper Runs the job that releases and refunds.
    /// @param platform Operates the system.
    /// @param sessionSeconds Scheduled length of a session.
    /// @param thresholdBps Part of a session that has to be attended, in basis points.
    /// @param commissionBps Referrer's part of the price, in basis points.
    /// @param attestationWindowSeconds Time after the finish in which late records count; only the
    /// hardened policy has one.
    /// @param keeperWindowSeconds Time after that in which only the keeper can process; likewise.
    /// @param noShowSeconds Time after the scheduled end from which a hold whose session nobody
    /// has finished can be refunded by anyone; likewise.
    /// @param lateAfterSeconds A student who joins later than this after the start is late.
    struct Config {
        address attestor;
        address keeper;
        address platform;
        uint32 sessionSeconds;
        uint16 thresholdBps;
        uint16 commissionBps;
        uint32 attestationWindowSeconds;
        uint32 keeperWindowSeconds;
        uint32 noShowSeconds;
        uint32 lateAfterSeconds;
    }

    /// @notice What is bought. Its hash is the hold's id.
    /// @param student Payer; the only one who can purchase.
    /// @param teacher Is paid if the student came.
    /// @param referrer Who has brought the teacher; the zero address when nobody has.
    /// @param token ERC-20 token in which all amounts of the hold are denoted.
    /// @param price Price of the session, in base units of `token`.
    /// @param startsAt Scheduled start, in seconds.
    /// @param salt Distinguishes holds that agree on everything else.
    struct Terms {
        address student;
        address teacher;
        address referrer;
        address token;
        uint128 price;
        uint64 startsAt;
        uint256 salt;
    }

    /// @notice One hold. All members are static, so that `hold(id)` is 18 words by position.
    /// @param status Where the hold stands.
    /// @param price Price of the session, in base units of `token`.
    /// @param startsAt Scheduled start, in seconds.
    /// @param joinedAt When the student joined, by the last record of it, in seconds.
    /// @param lastLeftAt When the student left, by the last record of it, in seconds.
    /// @param attendedSeconds Time attended, by the records that count.
    /// @param intervals Number of records accepted.
    /// @param attendance How the student came.
    /// @param finishedAt Time of the block in which the session was finished, in seconds; 0 before.
    /// @param lengthSeconds Length of the session once it is finished, in seconds; 0 before.
    /// @param claimStudent Refund whose push failed, in base units of `token`.
    /// @param claimTeacher Teacher's share whose push failed, in base units of `token`.
    /// @param claimReferrer Referrer's commission whose push failed, in base units of `token`.
    /// @param claimPlatform Platform's commission whose push failed, in base units of `token`.
    /// @param student Payer.
    /// @param teacher Is paid if the student came.
    /// @param referrer Who has brought the teacher; the zero address when nobody has.
    /// @param token Token of all amounts above.
    struct Hold {
        // slot 0
        Status status;
        uint128 price;
        uint64 startsAt;
        // slot 1
        uint64 joinedAt;
        uint64 lastLeftAt;
        uint64 attendedSeconds;
        uint32 intervals;
        Attendance attendance;
        // slot 2
        uint64 finishedAt;
        uint64 lengthSeconds;
        uint128 claimStudent;
        // slot 3
        uint128 claimTeacher;
        uint128 claimReferrer;
        // slots 4 to 7
        uint128 claimPlatform;
        address student;
        address teacher;
        address referrer;
        address token;
    }

    // ------------------------------------------------------------------------------------ events

    /// @notice The student has paid `amount` base units of `token` for a session that is to start
    /// at `startsAt` (seconds).
    event Purchased(
        bytes32 indexed holdId,
        address indexed student,
        address indexed teacher,
        address referrer,
        address token,
        uint128 amount,
        uint64 startsAt
    );

    /// @notice The session is finished: it ended at `endedAt` (seconds) and counts as one of
    /// `lengthSeconds`.
    event SessionFinished(
        bytes32 indexed holdId,
        address indexed caller,
        uint64 endedAt,
        uint64 lengthSeconds
    );

    /// @notice The price is released: `teacherAmount` base units to the teacher,
    /// `commissionAmount` to `commissionTo`, which is the zero address when there is none. A
    /// `PaymentDeferred` follows for each of them that could not be pushed.
    event Released(
        bytes32 indexed holdId,
        uint256 teacherAmount,
        uint256 commissionAmount,
        address commissionTo
    );

    /// @notice The price, `amount` base units, goes back to the student. A `PaymentDeferred`
    /// follows if it could not be pushed.
    event Refunded(bytes32 indexed holdId, uint256 amount);

    /// @notice A push of `amount` base units to `owner` failed; `owner` can `claim` it.
    event PaymentDeferred(bytes32 indexed holdId, address indexed owner, uint256 amount);

    /// @notice `owner` has had `amount` base units, deferred before, paid to `to`.
    event Claimed(bytes32 indexed holdId, address indexed owner, address to, uint256 amount);

    // ------------------------------------------------------------------------------------ errors

    /// @notice Thrown when a session is finished, or refunded as unfinished, that was finished at
    /// `finishedAt` (seconds).
    error AlreadyFinished(uint64 finishedAt);
    /// @notice Thrown when the token does not pay `amount` base units of a claim to `to`.
    error ClaimFailed(address to, uint256 amount);
    /// @notice Thrown when a purchase has terms that have been used before.
    error HoldExists(bytes32 holdId);
    /// @notice Thrown at deployment when an address is missing, a share is more than the whole, or
    /// a session would last no time.
    error InvalidConfig();
    /// @notice Thrown when a payout is to go to the zero address or to the contract itself.
    error InvalidRecipient(address to);
    /// @notice Thrown when the referrer is the student, the teacher, or the contract itself.
    error InvalidReferrer(address referrer);
    /// @notice Thrown when the teacher is nobody, the student, or the contract itself.
    error InvalidTeacher(address teacher);
    /// @notice Thrown when a session is processed that nobody has finished.
    error NotFinished();
    /// @notice Thrown when an action needs a price that is held.
    error NotHeld(Status status);
    /// @notice Thrown when somebody else does what is the keeper's, for ever or for now.
    error NotKeeper(address caller, address keeper);
    /// @notice Thrown when somebody else than the student of the terms purchases.
    error NotStudent(address caller, address student);
    /// @notice Thrown when nothing of this hold is owed to the caller as a deferred payment.
    error NothingToClaim(address caller);
    /// @notice Thrown when a session is purchased after `startsAt` (seconds), its start.
    error StartPassed(uint64 startsAt);
    /// @notice Thrown when a session would cost nothing.
    error ZeroPrice();

    // ------------------------------------------------------------------------------------- views

    /// @notice The whole hold, 18 static words.
    function hold(bytes32 id) external view returns (Hold memory);

    /// @notice The id of the hold with these terms.
    function holdIdOf(Terms calldata terms) external pure returns (bytes32);

    // ----------------------------------------------------------------------------------- actions

    /// @notice Pays for the session with these terms, which the contract holds. Only their student,
    /// once per terms and until the start; needs an allowance of the price.
    /// @return id The hold's id.
    function purchase(Terms calldata terms) external returns (bytes32 id);

    /// @notice Refunds a hold whose session nobody has finished. By whom and when is the policy's
    /// business.
    function refundUnfinished(bytes32 id) external;

    /// @notice Pays the caller's deferred shares of this hold to `to`.
    function claim(bytes32 id, address to) external;
}
