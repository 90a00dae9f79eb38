// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMatchmaking} from "./IMatchmaking.sol";
import {MatchCredential} from "./MatchCredential.sol";

/// @title MatchmakingBooks
/// @notice What the matchmaking is deployed with and what it writes down, how that is read, and the
/// checks of states and callers that both policies have in common.
abstract contract MatchmakingBooks is IMatchmaking {
    /// @notice Proposes tutors to students.
    address public immutable matchmaker;
    /// @notice Consumes quotes when students deposit, and reports the ends of sessions.
    address public immutable escrow;
    /// @notice The credentials of all requests.
    MatchCredential public immutable credential;
    /// @notice Time that a tutor has to answer a proposal, in seconds.
    uint32 public immutable proposalTtlSeconds;
    /// @notice Proposals of one search, where the policy counts them.
    uint8 public immutable maxAttempts;
    /// @notice Time that a student has to deposit after the acceptance, in seconds.
    uint32 public immutable depositWindowSeconds;
    /// @notice Least billed time for a credential, where the policy has one, in seconds.
    uint32 public immutable credentialSeconds;

    mapping(bytes32 id => Request) internal _requests;

    constructor(Config memory config) {
        if (
            config.matchmaker == address(0) || config.escrow == address(0)
                || config.proposalTtlSeconds == 0 || config.maxAttempts == 0
                || config.depositWindowSeconds == 0
        ) revert InvalidConfig();
        matchmaker = config.matchmaker;
        escrow = config.escrow;
        proposalTtlSeconds = config.proposalTtlSeconds;
        maxAttempts = config.maxAttempts;
        depositWindowSeconds = config.depositWindowSeconds;
        credentialSeconds = config.credentialSeconds;
        credential = _newCredential();
    }

    // ------------------------------------------------------------------------------------- views

    /// @inheritdoc IMatchmaking
    function matchRequest(bytes32 id) external view virtual returns (Request memory) {
        return _requests[id];
    }

    /// @inheritdoc IMatchmaking
    function requestIdOf(Terms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc IMatchmaking
    function credentialHolder(bytes32 id) public view virtual returns (address) {
        uint32 number = _requests[id].credentials;
        return number == 0 ? address(0) : credential.ownerOf(_credentialIdOf(id, number));
    }

    // ------------------------------------------------------------------------ what is required

    /// @dev An id is used once and for all: requests that are over keep it, and with it the quotes
    /// that were signed for it.
    function _requireUnused(bytes32 id, Request storage r) internal view virtual {
        if (r.status != Status.None) revert RequestExists(id);
    }

    function _requireProposable(Request storage r) internal view virtual {
        Status status = r.status;
        bool isSearching =
            status == Status.Searching || status == Status.Waitlisted || status == Status.Booked;
        if (!isSearching) revert NotSearching(status);
    }

    /// @dev A booked search begins at its time and not before.
    function _requireTime(Request storage r) internal view virtual {
        bool isEarly = r.status == Status.Booked && block.timestamp < r.bookedFor;
        if (isEarly) revert TooEarly(r.bookedFor);
    }

    /// @dev Nobody has two roles in one request.
    function _requireSoundTutor(Request storage r, address tutor) internal view virtual {
        bool hasRole = tutor == r.student || tutor == matchmaker || tutor == escrow;
        if (hasRole || tutor == address(0) || tutor == address(this)) revert InvalidTutor(tutor);
    }

    function _requireProposed(Request storage r) internal view virtual {
        if (r.status != Status.Proposed) revert NotProposed(r.status);
    }

    function _requireAwaiting(Request storage r) internal view virtual {
        if (r.status != Status.AwaitingDeposit) revert NotAwaiting(r.status);
    }

    function _requireCompleted(Request storage r) internal view virtual {
        if (r.status != Status.Completed) revert NotCompleted(r.status);
    }

    function _requireUnmatched(Request storage r) internal view virtual {
        if (r.status != Status.NoMatch) revert NotUnmatched(r.status);
    }

    function _requireCancellable(Request storage r) internal view virtual {
        Status status = r.status;
        bool isOver = status == Status.None || status == Status.Matched
            || status == Status.Completed || status == Status.Expired || status == Status.Cancelled;
        if (isOver) revert NotCancellable(status);
    }

    function _requireMatchmaker() internal view virtual {
        if (msg.sender != matchmaker) revert NotMatchmaker(msg.sender, matchmaker);
    }

    function _requireEscrow() internal view virtual {
        if (msg.sender != escrow) revert NotEscrow(msg.sender, escrow);
    }

    function _requireStudent(Request storage r) internal view virtual {
        if (msg.sender != r.student) revert NotStudent(msg.sender, r.student);
    }

    function _requireTutor(Request storage r) internal view virtual {
        if (msg.sender != r.tutor) revert NotTutor(msg.sender, r.tutor);
    }

    function _requireStudentOf(Request storage r, address student) internal view virtual {
        if (student != r.student) revert WrongStudent(student, r.student);
    }

    // ---------------------------------------------------------------------- times, credentials

    /// @dev First second in which a proposal does not bind its tutor.
    function _proposalEnd(Request storage r) internal view virtual returns (uint256) {
        return uint256(r.proposedAt) + proposalTtlSeconds;
    }

    /// @dev First second in which the student cannot deposit any more.
    function _depositEnd(Request storage r) internal view virtual returns (uint256) {
        return uint256(r.acceptedAt) + depositWindowSeconds;
    }

    /// @dev First second in which an acceptance does not bind its tutor.
    function _acceptanceEnd(Request storage r) internal view virtual returns (uint256) {
        return _depositEnd(r);
    }

    function _newCredential() internal virtual returns (MatchCredential);

    /// @dev Number in the ERC-721 of a request's `number`-th credential, counted from 1.
    function _credentialIdOf(bytes32 id, uint32 number) internal view virtual returns (uint256);
}
