// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IMatchmakingWords
/// @notice States, events and errors of the matchmaking, as the machine names them. Units as in
/// IMatchmaking.
interface IMatchmakingWords {
    /// @notice Where a request stands.
    /// @custom:value0 None Never made.
    /// @custom:value1 Searching Waits for a proposal.
    /// @custom:value2 Proposed A tutor has been asked.
    /// @custom:value3 AwaitingDeposit The tutor has accepted; the student is to deposit.
    /// @custom:value4 Matched The student has deposited; the session can begin.
    /// @custom:value5 Completed The session is over.
    /// @custom:value6 NoMatch The search has ended without a match.
    /// @custom:value7 Waitlisted Waits until a tutor comes.
    /// @custom:value8 Booked Waits for the time of the next search.
    /// @custom:value9 Expired The student did not deposit in time.
    /// @custom:value10 Cancelled The student has given it up.
    enum Status {
        None,
        Searching,
        Proposed,
        AwaitingDeposit,
        Matched,
        Completed,
        NoMatch,
        Waitlisted,
        Booked,
        Expired,
        Cancelled
    }

    // ------------------------------------------------------------------------------------ events

    /// @notice The student looks for a tutor, for at most `maxRate` base units of `token` a second
    /// and `cap` base units in all.
    event Requested(
        bytes32 indexed requestId,
        address indexed student,
        address token,
        uint128 maxRate,
        uint128 cap
    );

    /// @notice A tutor has been asked, as the `attempt`-th of this search.
    event Proposed(bytes32 indexed requestId, address indexed tutor, uint32 attempt);

    /// @notice The tutor has accepted at `rate` base units a second, by a quote that holds until
    /// `quoteExpiry` (seconds; 0 without a quote).
    event Accepted(
        bytes32 indexed requestId,
        address indexed tutor,
        uint128 rate,
        uint64 quoteExpiry
    );

    /// @notice The tutor has turned the proposal down.
    event Declined(bytes32 indexed requestId, address indexed tutor);

    /// @notice The tutor has not answered.
    event Lapsed(bytes32 indexed requestId, address indexed tutor);

    /// @notice The search is over without a match.
    event NoMatch(bytes32 indexed requestId);

    /// @notice The student has deposited at `rate` base units a second.
    event Matched(
        bytes32 indexed requestId,
        address indexed student,
        address indexed tutor,
        uint128 rate
    );

    /// @notice The student has not deposited; the tutor is free.
    event Released(bytes32 indexed requestId, address indexed tutor);

    /// @notice The student would deposit `cap` base units at most by now.
    event CapReduced(bytes32 indexed requestId, uint128 cap);

    /// @notice The student waits until a tutor comes.
    event Waitlisted(bytes32 indexed requestId);

    /// @notice The next search is to begin at `at` (seconds).
    event Booked(bytes32 indexed requestId, uint64 at);

    /// @notice The student has given the request up.
    event Cancelled(bytes32 indexed requestId);

    /// @notice The session is over, with a bill of `billedSeconds`.
    event Completed(bytes32 indexed requestId, uint32 billedSeconds);

    /// @notice `to` has a credential of `billedSeconds` with `tutor`.
    event CredentialMinted(
        bytes32 indexed requestId,
        address indexed to,
        address indexed tutor,
        uint32 billedSeconds
    );

    /// @notice A credential has gone from one address to another.
    event CredentialMoved(bytes32 indexed requestId, address indexed from, address indexed to);

    /// @notice `caller` has given `score`, 1 to 5.
    event Rated(bytes32 indexed requestId, address indexed caller, uint8 score);

    // ------------------------------------------------------------------------------------ errors

    /// @notice Thrown when a search is booked for `at` (seconds), which does not lie ahead.
    error BookingPassed(uint64 at);
    /// @notice Thrown when the cap would not buy a second at this rate (base units).
    error CapBelowRate(uint128 cap, uint128 ratePerSecond);
    /// @notice Thrown when a cap is not reduced (base units).
    error CapNotLess(uint128 cap, uint128 present);
    /// @notice Thrown at deployment when an address is missing, or a time or a number is zero that
    /// must not be.
    error InvalidConfig();
    /// @notice Thrown when a score is none of 1 to 5.
    error InvalidScore(uint8 score);
    /// @notice Thrown when the tutor is nobody, the student, the matchmaker, the escrow, or the
    /// contract itself.
    error InvalidTutor(address tutor);
    /// @notice Thrown when an action needs a request that awaits its deposit.
    error NotAwaiting(Status status);
    /// @notice Thrown when a request is cancelled that is over, matched, or was never made.
    error NotCancellable(Status status);
    /// @notice Thrown when an action needs a session that is over.
    error NotCompleted(Status status);
    /// @notice Thrown when somebody else does what is the escrow's.
    error NotEscrow(address caller, address escrow);
    /// @notice Thrown when somebody else than its holder moves a credential.
    error NotHolder(address caller, address holder);
    /// @notice Thrown when somebody else does what is the matchmaker's.
    error NotMatchmaker(address caller, address matchmaker);
    /// @notice Thrown when the end of a session is reported that is not under way.
    error NotMatched(Status status);
    /// @notice Thrown when there is no credential of this request.
    error NotMinted(bytes32 requestId);
    /// @notice Thrown when an action needs a tutor who has been asked.
    error NotProposed(Status status);
    /// @notice Thrown when an action needs a request that looks for a tutor.
    error NotSearching(Status status);
    /// @notice Thrown when somebody else does what is the student's.
    error NotStudent(address caller, address student);
    /// @notice Thrown when somebody else does what is the proposed tutor's.
    error NotTutor(address caller, address tutor);
    /// @notice Thrown when an action needs a search that has ended without a match.
    error NotUnmatched(Status status);
    /// @notice Thrown when a request has terms that have been used before.
    error RequestExists(bytes32 requestId);
    /// @notice Thrown when a booked request is proposed before `bookedFor` (seconds).
    error TooEarly(uint64 bookedFor);
    /// @notice Thrown when the escrow asks for somebody else than the request's student.
    error WrongStudent(address asked, address student);
    /// @notice Thrown when a second would cost nothing.
    error ZeroRate();
}
