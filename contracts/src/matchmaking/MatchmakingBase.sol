// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMatchmaking} from "./IMatchmaking.sol";
import {MatchmakingBooks} from "./MatchmakingBooks.sol";

/// @title MatchmakingBase
/// @notice A request book: a student asks for a tutor, the matchmaker proposes one after another,
/// one of them accepts at a rate, the student deposits in an escrow at that rate, and the session
/// begins. Afterwards the student has a credential, and the two rate each other. How a tutor
/// accepts, and which promises the contract keeps by itself, is the policy's business.
/// @dev Order of checks in every action: state, caller, time, arguments, other requests, signature.
/// No token is moved, and the only contract that is called is the credential that this one has
/// deployed, which calls nobody: there is nothing to re-enter.
abstract contract MatchmakingBase is MatchmakingBooks {
    /// @dev The highest score; the lowest is 1.
    uint8 internal constant SCORE_MAX = 5;

    constructor(Config memory config) MatchmakingBooks(config) {}

    // ----------------------------------------------------------------------------------- actions

    /// @inheritdoc IMatchmaking
    function requestMatch(Terms calldata terms) public virtual returns (bytes32 id) {
        id = requestIdOf(terms);
        Request storage r = _requests[id];
        _requireUnused(id, r);
        if (msg.sender != terms.student) revert NotStudent(msg.sender, terms.student);
        if (terms.maxRate == 0) revert ZeroRate();
        if (terms.cap < terms.maxRate) revert CapBelowRate(terms.cap, terms.maxRate);

        r.status = Status.Searching;
        r.cap = terms.cap;
        r.maxRate = terms.maxRate;
        r.student = terms.student;
        r.token = terms.token;
        emit Requested(id, terms.student, terms.token, terms.maxRate, terms.cap);
    }

    /// @inheritdoc IMatchmaking
    function propose(bytes32 id, address tutor) external virtual {
        Request storage r = _requests[id];
        _requireProposable(r);
        _requireMatchmaker();
        _requireTime(r);
        _requireSoundTutor(r, tutor);
        _requireFree(tutor);

        r.status = Status.Proposed;
        r.attempts += 1;
        r.proposedAt = uint64(block.timestamp);
        r.boundUntil = uint64(_proposalEnd(r));
        r.tutor = tutor;
        _proposedTo(tutor, id);
        emit Proposed(id, tutor, r.attempts);
    }

    /// @inheritdoc IMatchmaking
    function noMatch(bytes32 id) external virtual {
        Request storage r = _requests[id];
        if (r.status != Status.Searching) revert NotSearching(r.status);
        _requireMatchmaker();
        _endSearch(id, r);
    }

    /// @inheritdoc IMatchmaking
    function decline(bytes32 id) external virtual {
        Request storage r = _requests[id];
        _requireProposed(r);
        _requireTutor(r);
        _requireAnswerable(r);
        emit Declined(id, r.tutor);
        _proposeOther(id, r);
    }

    /// @inheritdoc IMatchmaking
    function lapse(bytes32 id) external virtual {
        Request storage r = _requests[id];
        _requireProposed(r);
        _requireLapsed(r);
        emit Lapsed(id, r.tutor);
        _proposeOther(id, r);
    }

    /// @inheritdoc IMatchmaking
    function consume(
        bytes32 id,
        address student,
        uint128 ratePerSecond
    ) external virtual returns (address tutor, address token, uint128 cap) {
        Request storage r = _requests[id];
        _requireConsumable(r);
        _requireEscrow();
        _requireDepositInTime(r);
        _requireStudentOf(r, student);
        _requireRate(r, ratePerSecond);

        r.status = Status.Matched;
        r.rate = ratePerSecond;
        r.boundUntil = type(uint64).max;
        emit Matched(id, student, r.tutor, ratePerSecond);
        return (r.tutor, r.token, r.cap);
    }

    /// @inheritdoc IMatchmaking
    function release(bytes32 id) external virtual {
        Request storage r = _requests[id];
        _requireAwaiting(r);
        _requireReleasable(r);
        r.status = Status.Expired;
        _free(r);
        emit Released(id, r.tutor);
    }

    /// @inheritdoc IMatchmaking
    function reduceCap(bytes32 id, uint128 cap) external virtual {
        Request storage r = _requests[id];
        _requireAwaiting(r);
        _requireStudent(r);
        if (cap >= r.cap) revert CapNotLess(cap, r.cap);
        if (cap < r.rate) revert CapBelowRate(cap, r.rate);
        r.cap = cap;
        emit CapReduced(id, cap);
    }

    /// @inheritdoc IMatchmaking
    function waitlist(bytes32 id) external virtual {
        Request storage r = _requests[id];
        _requireUnmatched(r);
        _requireStudent(r);
        r.status = Status.Waitlisted;
        r.attempts = 0;
        emit Waitlisted(id);
    }

    /// @inheritdoc IMatchmaking
    function book(bytes32 id, uint64 at) external virtual {
        Request storage r = _requests[id];
        _requireUnmatched(r);
        _requireStudent(r);
        if (at <= block.timestamp) revert BookingPassed(at);
        r.status = Status.Booked;
        r.attempts = 0;
        r.bookedFor = at;
        emit Booked(id, at);
    }

    /// @inheritdoc IMatchmaking
    function cancel(bytes32 id) external virtual {
        Request storage r = _requests[id];
        _requireCancellable(r);
        _requireStudent(r);
        r.status = Status.Cancelled;
        _free(r);
        emit Cancelled(id);
    }

    /// @inheritdoc IMatchmaking
    function complete(bytes32 id, uint32 billedSeconds) external virtual {
        Request storage r = _requests[id];
        _requireCompletable(r);
        _requireEscrow();
        r.status = Status.Completed;
        r.billedSeconds = billedSeconds;
        _free(r);
        emit Completed(id, billedSeconds);
        if (_earnsCredential(r)) _mint(id, r);
    }

    /// @inheritdoc IMatchmaking
    function transferCredential(bytes32 id, address to) external virtual {
        address holder = credentialHolder(id);
        if (holder == address(0)) revert NotMinted(id);
        if (msg.sender != holder) revert NotHolder(msg.sender, holder);
        uint256 tokenId = _credentialIdOf(id, _requests[id].credentials);
        _requireMovable(tokenId, to);
        emit CredentialMoved(id, holder, to);
        credential.move(tokenId, to);
    }

    /// @inheritdoc IMatchmaking
    function rate(bytes32 id, uint8 score) external virtual {
        Request storage r = _requests[id];
        _requireCompleted(r);
        _requireMayRate(r);
        if (score == 0 || score > SCORE_MAX) revert InvalidScore(score);
        _rate(id, r, score);
    }

    // -------------------------------------------------------------------- what the policies say

    /// @dev Whether this tutor can be proposed, as far as other requests are concerned.
    function _requireFree(address tutor) internal view virtual;

    /// @dev What is kept of a proposal besides the request.
    function _proposedTo(address tutor, bytes32 id) internal virtual;

    /// @dev Until when a tutor can answer.
    function _requireAnswerable(Request storage r) internal view virtual;

    /// @dev By whom and when a proposal can be ended.
    function _requireLapsed(Request storage r) internal view virtual;

    /// @dev In which states the escrow can ask for a match.
    function _requireConsumable(Request storage r) internal view virtual;

    /// @dev Until when the student can deposit.
    function _requireDepositInTime(Request storage r) internal view virtual;

    /// @dev At which rate.
    function _requireRate(Request storage r, uint128 ratePerSecond) internal view virtual;

    /// @dev By whom and when a tutor whose student does not deposit can be released.
    function _requireReleasable(Request storage r) internal view virtual;

    /// @dev In which states the end of a session can be reported.
    function _requireCompletable(Request storage r) internal view virtual;

    /// @dev Whether a session that is over has earned a credential.
    function _earnsCredential(Request storage r) internal view virtual returns (bool);

    /// @dev Whether a credential can go to `to`.
    function _requireMovable(uint256 tokenId, address to) internal view virtual;

    /// @dev By whom and how often a session can be rated.
    function _requireMayRate(Request storage r) internal view virtual;

    // ------------------------------------------------------------------------- parts of actions

    function _accept(
        bytes32 id,
        Request storage r,
        uint128 ratePerSecond,
        uint64 quoteExpiry
    ) internal virtual {
        r.status = Status.AwaitingDeposit;
        r.acceptedAt = uint64(block.timestamp);
        r.rate = ratePerSecond;
        r.quoteExpiry = quoteExpiry;
        r.boundUntil = uint64(_acceptanceEnd(r));
        emit Accepted(id, r.tutor, ratePerSecond, quoteExpiry);
    }

    /// @dev Lets go of the tutor; what the request does next is the policy's business.
    function _proposeOther(bytes32 id, Request storage r) internal virtual {
        r.status = Status.Searching;
        _free(r);
    }

    function _endSearch(bytes32 id, Request storage r) internal virtual {
        r.status = Status.NoMatch;
        emit NoMatch(id);
    }

    /// @dev Lets go of the request's tutor, whose name stays for the record.
    function _free(Request storage r) internal virtual {
        r.boundUntil = 0;
    }

    function _mint(bytes32 id, Request storage r) internal virtual {
        r.credentials += 1;
        address to = _credentialOwner(r);
        emit CredentialMinted(id, to, r.tutor, r.billedSeconds);
        credential.issue(_credentialIdOf(id, r.credentials), to, r.tutor, r.billedSeconds);
    }

    function _credentialOwner(Request storage r) internal view virtual returns (address) {
        return r.student;
    }

    function _rate(bytes32 id, Request storage r, uint8 score) internal virtual {
        if (msg.sender == r.tutor) r.ratingTutor = score;
        else r.ratingStudent = score;
        emit Rated(id, msg.sender, score);
    }
}
