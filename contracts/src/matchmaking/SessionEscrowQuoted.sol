// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowHardened} from "../session-escrow/SessionEscrowHardened.sol";
import {IMatchmaking} from "./IMatchmaking.sol";

/// @title SessionEscrowQuoted
/// @notice The hardened session escrow for sessions that were matched: a student deposits on a
/// tutor's quote, at its rate and for this tutor, and the end of the session is reported to the
/// matchmaking, so that the tutor is free and the student has the credential.
/// @dev The quote is consumed and the deposit locked in one transaction: either both happen or
/// neither does. At the end money comes first: what a broken matchmaking refuses to hear of is paid
/// out all the same. A caller cannot make a sound one fail by supplying too little gas: what would
/// be left then does not pay for the rest of the call. Matchmaking and escrow name each other at
/// deployment; whoever deploys them computes the second address beforehand.
contract SessionEscrowQuoted is SessionEscrowHardened {
    /// @notice The end of a session has been reported to the matchmaking.
    event EndReported(bytes32 indexed sessionId, bytes32 indexed requestId, uint32 billedSeconds);

    /// @notice The matchmaking did not take the end of a session, which was paid out all the same.
    event EndNotReported(bytes32 indexed sessionId, bytes32 indexed requestId);

    /// @notice Thrown when the deposit is above the cap of the request, both in base units.
    error AboveCap(uint128 amount, uint128 cap);
    /// @notice Thrown at deployment without a matchmaking.
    error InvalidMatchmaking();
    /// @notice Thrown when the terms are for another tutor or another token than the quote.
    error QuoteMismatch(address tutor, address token);
    /// @notice Thrown when a deposit comes without a quote.
    error QuoteRequired();

    /// @notice Where quotes are consumed and ends reported.
    IMatchmaking public immutable matchmaking;

    /// @dev The request that each session was matched by, until it has ended.
    mapping(bytes32 sessionId => bytes32 requestId) private _requestOf;

    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_,
        address matchmaking_
    ) SessionEscrowHardened(deployment, evidenceWindowSeconds_) {
        if (matchmaking_ == address(0)) revert InvalidMatchmaking();
        matchmaking = IMatchmaking(matchmaking_);
    }

    /// @notice Not here: see `depositQuoted`.
    function deposit(Terms calldata, uint128) public virtual override returns (bytes32) {
        revert QuoteRequired();
    }

    /// @notice Locks `amount` for a session with these terms, on the quote that was accepted for a
    /// request. Only the student of both, once per request and per terms.
    /// @param requestId The request, which awaits its deposit.
    /// @param terms What is agreed: student, tutor, token and rate are those of the quote.
    /// @param amount Base units of `terms.token`, at most the cap of the request.
    /// @return id The session's id.
    function depositQuoted(
        bytes32 requestId,
        Terms calldata terms,
        uint128 amount
    ) external virtual returns (bytes32 id) {
        (address tutor, address token, uint128 cap) =
            matchmaking.consume(requestId, terms.student, terms.ratePerSecond);
        if (terms.tutor != tutor || terms.token != token) revert QuoteMismatch(tutor, token);
        if (amount > cap) revert AboveCap(amount, cap);
        _requestOf[sessionIdOf(terms)] = requestId;
        return super.deposit(terms, amount);
    }

    /// @notice The request that a session was matched by, until it has ended; then 0.
    function requestOf(bytes32 id) external view virtual returns (bytes32) {
        return _requestOf[id];
    }

    function _settle(bytes32 id) internal virtual override {
        super._settle(id);
        _reportEnd(id);
    }

    function _cancel(bytes32 id) internal virtual override {
        super._cancel(id);
        _reportEnd(id);
    }

    /// @dev What was billed counts up to 2^32 - 1 s; nobody sits through more.
    function _reportEnd(bytes32 id) internal virtual {
        bytes32 requestId = _requestOf[id];
        uint64 billed = _sessions[id].billedSeconds;
        uint32 reported = billed > type(uint32).max ? type(uint32).max : uint32(billed);
        try matchmaking.complete(requestId, reported) {
            emit EndReported(id, requestId, reported);
        } catch {
            emit EndNotReported(id, requestId);
        }
        delete _requestOf[id];
    }
}
