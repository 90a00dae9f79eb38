// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IProgressiveEscrow
/// @notice What both policies of the progressive session escrow share: types, events, errors and
/// actions. A student locks the whole price of a mentor's session; parts of it are released while
/// it runs, and the rest is settled at its completion.
/// @dev Units. Every amount is in base units of the session's token (its own decimals). Every time
/// is a Unix time in seconds as the block states it; durations are in seconds, but for the agreed
/// length of a session, which is in minutes. A share in `Bps` is in hundredths of a percent (10,000
/// is the whole). Divisions round down; who gains by that is said at each.
interface IProgressiveEscrow {
    /// @notice Where a session stands.
    /// @custom:value0 None Never created.
    /// @custom:value1 Created Paid for, not yet running.
    /// @custom:value2 Active Running; time accrues.
    /// @custom:value3 Paused Interrupted; no time accrues.
    /// @custom:value4 Completed Paid out but for deferred shares.
    /// @custom:value5 Cancelled Never ran; refunded but for a deferred refund.
    enum Status {
        None,
        Created,
        Active,
        Paused,
        Completed,
        Cancelled
    }

    /// @notice What student and mentor agree on. Its hash is the session's id.
    /// @param student Payer; the only one who can create and complete the session.
    /// @param mentor Provider.
    /// @param token ERC-20 token in which all amounts of the session are denoted.
    /// @param totalAmount Price of the whole session, in base units of `token`.
    /// @param durationMinutes Agreed length, in minutes.
    /// @param nonce Chosen by the student, who can use each only once.
    struct Terms {
        address student;
        address mentor;
        address token;
        uint128 totalAmount;
        uint32 durationMinutes;
        uint64 nonce;
    }

    /// @notice One session. All members are static, so that `session(id)` is 24 words by position.
    /// @param status Where the session stands.
    /// @param student Payer.
    /// @param mentor Provider.
    /// @param token Token of all amounts below.
    /// @param totalAmount Price of the whole session, in base units of `token`.
    /// @param durationMinutes Agreed length, in minutes.
    /// @param nonce As in the terms.
    /// @param createdAt Time of the deposit, in seconds.
    /// @param startedAt Time at which the session began to run, in seconds; 0 before.
    /// @param activeSince Time of the start or of the newest resumption, in seconds; 0 before.
    /// @param pausedAt Time from which on the present pause counts, in seconds; 0 when none.
    /// @param pauseCalledAt Time at which a party asked for the present pause, in seconds; 0 when
    /// there is none, when it came from a timeout, and (hardened) when it ended a silence.
    /// @param pausedSeconds Length of all ended pauses together.
    /// @param studentSeenAt Newest sign of the student, in seconds; 0 before the first.
    /// @param mentorSeenAt Newest sign of the mentor, in seconds; 0 before the first.
    /// @param lastReleaseAt Time of the newest release, or of the start, in seconds; 0 before.
    /// @param released All that was taken out for the mentor, fees included, in base units.
    /// @param feePaid The platform's part of `released`, in base units.
    /// @param emergency The part of `released` that the owner released, in base units.
    /// @param rating The student's, 1 to 5; 0 without one.
    /// @param feedbackHash Hash of the student's words; 0 without any.
    /// @param claimStudent Refund whose push failed, in base units.
    /// @param claimMentor Mentor's shares whose push failed, in base units.
    /// @param claimPlatform Fees whose push failed, in base units.
    struct Session {
        // slot 0
        Status status;
        address student;
        // slots 1 and 2
        address mentor;
        address token;
        // slot 3
        uint128 totalAmount;
        uint32 durationMinutes;
        uint64 nonce;
        // slots 4 to 6
        uint64 createdAt;
        uint64 startedAt;
        uint64 activeSince;
        uint64 pausedAt;
        uint64 pauseCalledAt;
        uint64 pausedSeconds;
        uint64 studentSeenAt;
        uint64 mentorSeenAt;
        uint64 lastReleaseAt;
        // a slot each but for the rating
        uint256 released;
        uint256 feePaid;
        uint256 emergency;
        uint8 rating;
        bytes32 feedbackHash;
        uint256 claimStudent;
        uint256 claimMentor;
        uint256 claimPlatform;
    }

    /// @notice Fixed when the escrow is deployed, for all of its sessions.
    /// @param feeBps Platform's part of what the mentor earns, 0 to 2,000.
    /// @param feeRecipient The platform: receives the fee.
    /// @param owner May release money to a mentor in an emergency.
    /// @param progressiveBps Part of the price that can be released while the session runs, 1 to
    /// 10,000.
    /// @param releaseInterval Time between two releases at the least, in seconds.
    /// @param heartbeatInterval Time between two signs of a party as agreed, in seconds.
    /// @param grace Time beyond the interval after which a silent party counts as gone, in seconds.
    /// @param autoReleaseDelay Time after which anyone may complete a session, in seconds.
    struct Deployment {
        uint16 feeBps;
        address feeRecipient;
        address owner;
        uint16 progressiveBps;
        uint32 releaseInterval;
        uint32 heartbeatInterval;
        uint32 grace;
        uint32 autoReleaseDelay;
    }

    // ------------------------------------------------------------------------------------ events

    /// @notice The student has locked `totalAmount` base units of `token`.
    event Created(
        bytes32 indexed sessionId,
        address indexed student,
        address indexed mentor,
        address token,
        uint128 totalAmount,
        uint32 durationMinutes,
        uint64 nonce
    );

    /// @notice `party` has asked for a start or a resumption and waits for the other to do so.
    event Confirmed(bytes32 indexed sessionId, address indexed party);

    /// @notice The session runs; its time counts from `startedAt` (seconds) on.
    event Started(bytes32 indexed sessionId, address indexed caller, uint64 startedAt);

    /// @notice `party` has given a sign.
    event HeartbeatReceived(bytes32 indexed sessionId, address indexed party);

    /// @notice A part has been released: `mentorAmount` + `fee` base units. Says what is owed, as
    /// all such events; a `PaymentDeferred` follows for each share that could not be pushed.
    event Released(
        bytes32 indexed sessionId, address indexed caller, uint256 mentorAmount, uint256 fee
    );

    /// @notice The session is interrupted; no time counts from `pausedAt` (seconds) on.
    event Paused(bytes32 indexed sessionId, address indexed caller, uint64 pausedAt);

    /// @notice The session runs again; its pauses so far lasted `pausedSeconds` together.
    event Resumed(bytes32 indexed sessionId, address indexed caller, uint64 pausedSeconds);

    /// @notice The session is over: the last `mentorAmount` + `fee` and a `refund` to the student,
    /// in base units.
    event Completed(
        bytes32 indexed sessionId,
        address indexed caller,
        uint8 rating,
        uint256 mentorAmount,
        uint256 fee,
        uint256 refund
    );

    /// @notice The session never ran; `refund` base units belong to the student.
    event Cancelled(bytes32 indexed sessionId, uint256 refund);

    /// @notice The owner has released `mentorAmount` + `fee` base units.
    event EmergencyReleased(bytes32 indexed sessionId, uint256 mentorAmount, uint256 fee);

    /// @notice A push of `amount` base units to `owner` failed; `owner` can `claim` it.
    event PaymentDeferred(bytes32 indexed sessionId, address indexed owner, uint256 amount);

    /// @notice `owner` has had `amount` base units, deferred before, paid to `to`.
    event Claimed(bytes32 indexed sessionId, address indexed owner, address to, uint256 amount);

    // ------------------------------------------------------------------------------------ errors

    /// @notice Thrown when anyone completes a session before `from` (seconds).
    error AutoReleasePending(uint256 from);
    /// @notice Thrown when the token does not pay `amount` base units of a claim to `to`.
    error ClaimFailed(address to, uint256 amount);
    /// @notice Thrown when the escrow holds less than what the owner wants to release (base units).
    error InsufficientFunds(uint256 held, uint256 amount);
    /// @notice Thrown at deployment when the fee is above `feeBpsMax`.
    error InvalidFeeBps(uint16 feeBps, uint16 feeBpsMax);
    /// @notice Thrown at deployment when the platform is the zero address.
    error InvalidFeeRecipient();
    /// @notice Thrown when the mentor is nobody, the student, or the escrow itself.
    error InvalidMentor(address mentor);
    /// @notice Thrown at deployment when the progressive part is none, or more than the whole.
    error InvalidProgressiveBps(uint16 progressiveBps);
    /// @notice Thrown when a rating is not 1 to 5.
    error InvalidRating(uint8 rating);
    /// @notice Thrown when a claim is to be paid to the zero address or to the escrow itself.
    error InvalidRecipient(address to);
    /// @notice Thrown when a nonce of the student's is used a second time.
    error NonceUsed(address student, uint64 nonce);
    /// @notice Thrown when a session that does not run is acted upon as if it did.
    error NotActive(Status status);
    /// @notice Thrown when a session that does not wait for its start is started or cancelled.
    error NotCreated(Status status);
    /// @notice Thrown when the owner acts on a session that holds no money any more, or none yet.
    error NotOpen(Status status);
    /// @notice Thrown when somebody else than the owner releases in an emergency.
    error NotOwner(address caller);
    /// @notice Thrown when the caller is neither student nor mentor of this session.
    error NotParticipant(address caller);
    /// @notice Thrown when a session that is not interrupted is resumed.
    error NotPaused(Status status);
    /// @notice Thrown when a session that neither runs nor pauses is completed.
    error NotRunning(Status status);
    /// @notice Thrown when somebody else than the session's student creates or completes it.
    error NotStudent(address caller, address student);
    /// @notice Thrown when a timeout is reported at or before `until` (seconds).
    error NotTimedOut(uint256 until);
    /// @notice Thrown when nothing of this session is owed to the caller as a deferred payment.
    error NothingToClaim(address caller);
    /// @notice Thrown when all that the time so far entitles to is released (base units).
    error NothingToRelease(uint256 entitlement, uint256 released);
    /// @notice Thrown when a session is created for terms that have been used before.
    error SessionExists(bytes32 sessionId);
    /// @notice Thrown when a release comes before `from` (seconds).
    error TooEarly(uint256 from);
    /// @notice Thrown when a session would have no length.
    error ZeroDuration();
    /// @notice Thrown when a session would cost nothing, or nothing would be released.
    error ZeroAmount();

    // ------------------------------------------------------------------------------------- views

    /// @notice The whole session, 24 static words.
    function session(bytes32 id) external view returns (Session memory);

    /// @notice The id of the session with these terms.
    function sessionIdOf(Terms calldata terms) external pure returns (bytes32);

    /// @notice Whether the student has used this nonce.
    function nonceUsed(address student, uint64 nonce) external view returns (bool);

    /// @notice What the time so far entitles the mentor to before the completion, in base units;
    /// fees and what is released already are part of it. Rounds down, for the student.
    function entitlement(bytes32 id) external view returns (uint256);

    // ----------------------------------------------------------------------------------- actions

    /// @notice Locks the price of a session. Only its student, once per terms and per nonce.
    /// @param terms What is agreed; hashed into the id. Needs an allowance of `totalAmount`.
    /// @return id The session's id.
    function create(Terms calldata terms) external returns (bytes32 id);

    /// @notice Starts a created session. Student or mentor.
    function start(bytes32 id) external;

    /// @notice Says that the caller (student or mentor) takes part at this moment.
    function heartbeat(bytes32 id) external;

    /// @notice Pays out what the time so far entitles to. Student or mentor, once an interval.
    function release(bytes32 id) external;

    /// @notice Interrupts a running session. Student or mentor.
    function pause(bytes32 id) external;

    /// @notice Ends an interruption. Student or mentor.
    function resume(bytes32 id) external;

    /// @notice Interrupts a running session of which too little was heard. Anyone.
    function pauseOnTimeout(bytes32 id) external;

    /// @notice Settles a session that runs or pauses. Only its student.
    /// @param rating 1 to 5.
    /// @param feedbackHash Hash of the student's words.
    function complete(bytes32 id, uint8 rating, bytes32 feedbackHash) external;

    /// @notice Settles a session that its student left open for too long. Anyone.
    function autoComplete(bytes32 id) external;

    /// @notice Gives the price of a session that never ran back. Student or mentor.
    function cancel(bytes32 id) external;

    /// @notice Releases `amount` base units beyond what the time entitles to. Only the owner.
    function emergencyRelease(bytes32 id, uint128 amount) external;

    /// @notice Pays the caller's deferred shares of this session, all at once, to `to`.
    function claim(bytes32 id, address to) external;
}
