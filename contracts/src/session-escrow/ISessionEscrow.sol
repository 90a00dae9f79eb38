// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ISessionEscrow
/// @notice What both policies of the per-second session escrow share: types, events, errors and the
/// actions whose shape does not depend on the policy (`stop` does, and is declared by each policy).
/// @dev Units. Every amount is in base units of the session's token (its own decimals). Every time
/// is a Unix time in seconds as the block states it; every duration is in seconds. A share in `Bps`
/// is in hundredths of a percent (10,000 is the whole).
interface ISessionEscrow {
    /// @notice Where a session stands.
    /// @custom:value0 Idle Never deposited.
    /// @custom:value1 Funded Deposited, not yet started.
    /// @custom:value2 Active Both parties have joined; seconds accrue.
    /// @custom:value3 Stopping Stopped, not yet paid out.
    /// @custom:value4 Settled Paid out, the student's refund still to be claimed.
    /// @custom:value5 Refunded Paid out, the tutor's or the platform's share still to be claimed.
    /// @custom:value6 Closed Paid out in full.
    /// @custom:value7 Cancelled Never started; the deposit went back to the student.
    enum Status {
        Idle,
        Funded,
        Active,
        Stopping,
        Settled,
        Refunded,
        Closed,
        Cancelled
    }

    /// @notice What student and tutor agree on. Its hash is the session's id.
    /// @param student Payer; the only one who can deposit.
    /// @param tutor Provider.
    /// @param token ERC-20 token in which all amounts of the session are denoted.
    /// @param ratePerSecond Price of one second, in base units of `token`.
    /// @param salt Distinguishes sessions that agree on everything else.
    struct Terms {
        address student;
        address tutor;
        address token;
        uint128 ratePerSecond;
        uint256 salt;
    }

    /// @notice One session. All members are static, so that `session(id)` is 16 words by position.
    /// @param status Where the session stands.
    /// @param studentJoined Whether the student has joined.
    /// @param tutorJoined Whether the tutor has joined.
    /// @param student Payer.
    /// @param tutor Provider.
    /// @param token Token of all amounts below.
    /// @param ratePerSecond Price of one second, in base units of `token`.
    /// @param deposit All that the student has put in, top-ups included, in base units of `token`.
    /// @param fundedAt Time of the deposit, in seconds.
    /// @param startedAt Time at which the second party joined, in seconds; 0 before.
    /// @param stoppedAt Time of the first accepted stop, in seconds; 0 before.
    /// @param billedSeconds Seconds that the student owes for; 0 before the stop.
    /// @param evidenceUntil Time until which newer pings may raise the bill, in seconds; 0 before
    /// the stop and always 0 under the policy as described.
    /// @param claimStudent Refund whose push failed, in base units of `token`.
    /// @param claimTutor Tutor's share whose push failed, in base units of `token`.
    /// @param claimPlatform Fee whose push failed, in base units of `token`.
    struct Session {
        // slot 0
        Status status;
        bool studentJoined;
        bool tutorJoined;
        address student;
        // slots 1 and 2
        address tutor;
        address token;
        // slot 3
        uint128 ratePerSecond;
        uint128 deposit;
        // slot 4
        uint64 fundedAt;
        uint64 startedAt;
        uint64 stoppedAt;
        uint64 billedSeconds;
        // slot 5
        uint64 evidenceUntil;
        uint128 claimStudent;
        // slot 6
        uint128 claimTutor;
        uint128 claimPlatform;
    }

    /// @notice Fixed when the escrow is deployed, for all of its sessions.
    /// @param feeBps Platform's part of what the tutor earns, 0 to 2,000.
    /// @param feeRecipient The platform: receives the fee.
    /// @param relayer May stop any session on behalf of the heartbeat service.
    /// @param silenceTimeoutSeconds Silence after which a party counts as gone.
    /// @param startWindowSeconds Time from the deposit within which both must have joined.
    struct Deployment {
        uint16 feeBps;
        address feeRecipient;
        address relayer;
        uint32 silenceTimeoutSeconds;
        uint32 startWindowSeconds;
    }

    // ------------------------------------------------------------------------------------ events

    /// @notice The student has locked `amount` base units of `token`.
    event Deposited(
        bytes32 indexed sessionId,
        address indexed student,
        address indexed tutor,
        address token,
        uint128 ratePerSecond,
        uint128 amount
    );

    /// @notice One of the two parties has joined the call.
    event Joined(bytes32 indexed sessionId, address indexed party);

    /// @notice Both have joined: seconds accrue from `startedAt` (seconds) on.
    event Started(bytes32 indexed sessionId, uint64 startedAt);

    /// @notice The student has added `amount`; the deposit is now `deposit` (base units).
    event ToppedUp(bytes32 indexed sessionId, uint128 amount, uint128 deposit);

    /// @notice The session has been stopped by `caller` with a bill of `billedSeconds`.
    event Stopped(bytes32 indexed sessionId, address indexed caller, uint64 billedSeconds);

    /// @notice The session has been paid out: `tutorAmount` + `fee` + `refund` is the deposit, all
    /// in base units. Says what is owed; a `PaymentDeferred` follows for each share that could not
    /// be pushed.
    event Settled(bytes32 indexed sessionId, uint256 tutorAmount, uint256 fee, uint256 refund);

    /// @notice The session never started; `refund` base units belong to the student.
    event Cancelled(bytes32 indexed sessionId, uint256 refund);

    /// @notice A push of `amount` base units to `owner` failed; `owner` can `claim` it.
    event PaymentDeferred(bytes32 indexed sessionId, address indexed owner, uint256 amount);

    /// @notice `owner` has had `amount` base units, deferred before, paid to `to`.
    event Claimed(bytes32 indexed sessionId, address indexed owner, address to, uint256 amount);

    // ------------------------------------------------------------------------------------ errors

    /// @notice Thrown when a party joins a second time.
    error AlreadyJoined(address party);
    /// @notice Thrown when a top-up would take the deposit beyond 2^128 - 1 base units.
    error AmountTooLarge(uint128 deposit, uint128 amount);
    /// @notice Thrown when a top-up comes at or after `capAt` (seconds): the time is used up.
    error CapReached(uint256 capAt);
    /// @notice Thrown when the token does not pay `amount` base units of a claim to `to`.
    error ClaimFailed(address to, uint256 amount);
    /// @notice Thrown when the deposit (base units) does not buy a single second.
    error DepositBelowRate(uint128 amount, uint128 ratePerSecond);
    /// @notice Thrown at deployment when the fee is above `feeBpsMax`.
    error InvalidFeeBps(uint16 feeBps, uint16 feeBpsMax);
    /// @notice Thrown at deployment when the platform is the zero address.
    error InvalidFeeRecipient();
    /// @notice Thrown when a claim is to be paid to the zero address or to the escrow itself.
    error InvalidRecipient(address to);
    /// @notice Thrown when the tutor is nobody, the student, or the escrow itself.
    error InvalidTutor(address tutor);
    /// @notice Thrown when a session that is not running is stopped.
    error NotActive(Status status);
    /// @notice Thrown when a session that is not waiting for its start is joined or cancelled.
    error NotFunded(Status status);
    /// @notice Thrown when a session that is neither Funded nor Active is topped up.
    error NotOpen(Status status);
    /// @notice Thrown when the caller has no standing in this session for this action, now.
    error NotParty(address caller);
    /// @notice Thrown when a session that is not stopped, or paid already, is settled.
    error NotStopped(Status status);
    /// @notice Thrown when somebody else than the session's student deposits or tops up.
    error NotStudent(address caller, address student);
    /// @notice Thrown when nothing of this session is owed to the caller as a deferred payment.
    error NothingToClaim(address caller);
    /// @notice Thrown when a deposit is made for terms that have been used before.
    error SessionExists(bytes32 sessionId);
    /// @notice Thrown when somebody else than the student cancels at or before `until` (seconds).
    error StartWindowOpen(uint256 until);
    /// @notice Thrown when a party joins after `until` (seconds).
    error StartWindowOver(uint256 until);
    /// @notice Thrown when a top-up adds nothing.
    error ZeroAmount();
    /// @notice Thrown when a second would cost nothing.
    error ZeroRate();

    // ------------------------------------------------------------------------------------- views

    /// @notice The whole session, 16 static words.
    function session(bytes32 id) external view returns (Session memory);

    /// @notice The id of the session with these terms.
    function sessionIdOf(Terms calldata terms) external pure returns (bytes32);

    /// @notice Time at which the deposit is used up, in seconds; 0 before the start.
    /// @dev Start plus deposit / rate, rounded down to whole seconds (for the student: a second
    /// that is not covered in full is not sold).
    function capAt(bytes32 id) external view returns (uint256);

    // ----------------------------------------------------------------------------------- actions

    /// @notice Locks `amount` for a session with these terms. Only their student, once per terms.
    /// @param terms What is agreed; hashed into the id.
    /// @param amount Base units of `terms.token`, at least one second's price; needs an allowance.
    /// @return id The session's id.
    function deposit(Terms calldata terms, uint128 amount) external returns (bytes32 id);

    /// @notice Says that the caller (student or tutor) is in the call. With the second of the two,
    /// the session is Active and seconds accrue.
    function join(bytes32 id) external;

    /// @notice Adds `amount` base units to the deposit, before the start or while time is left.
    function topUp(bytes32 id, uint128 amount) external;

    /// @notice Pays a stopped session out: tutor, platform, student. Anyone may call.
    function settle(bytes32 id) external;

    /// @notice Gives the whole deposit back: the student at any time before the start, anyone once
    /// the start window is over.
    function cancel(bytes32 id) external;

    /// @notice Pays the caller's deferred shares of this session, all at once, to `to`.
    function claim(bytes32 id, address to) external;
}
