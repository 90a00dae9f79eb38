// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {MatchCredential} from "./MatchCredential.sol";
import {MatchmakingBase} from "./MatchmakingBase.sol";
import {SoulboundCredential} from "./SoulboundCredential.sol";

/// @title MatchmakingHardened
/// @notice The matchmaking that keeps its promises by itself: a tutor is bound by one request at a
/// time, the rate is what the tutor has signed, and whatever waits ends in time, by anyone.
/// @dev A tutor accepts by an EIP-712 quote, which anyone brings, and which names the request, both
/// parties, token, rate and expiry. Quotes are ECDSA signatures of the tutor's own key. A binding
/// that has run out has ended, whether or not somebody has said so:
///
///     proposedAt           + proposalTtl            acceptedAt           + depositWindow
///         | the tutor answers   | anyone lapses it      | the student deposits | anyone releases
///
/// To look at the request that a tutor was proposed for last is enough: the one before it had ended
/// by then, and what prolongs a binding (acceptance, deposit) is refused once it has ended.
contract MatchmakingHardened is MatchmakingBase, EIP712 {
    /// @notice EIP-712 type hash of a tutor's quote.
    bytes32 public constant QUOTE_TYPEHASH = keccak256(
        "Quote(bytes32 requestId,address student,address tutor,address token,uint128 rate,"
        "uint64 expiry,uint256 nonce)"
    );

    /// @notice Thrown when a party rates a second time.
    error AlreadyRated(address caller);
    /// @notice Thrown when a tutor is released who is bound until `until` (seconds).
    error DepositWindowOpen(uint256 until);
    /// @notice Thrown when the student deposits at or after `until` (seconds).
    error DepositWindowOver(uint256 until);
    /// @notice Thrown when what is presented is not what the tutor has signed for this request.
    error InvalidQuote(bytes32 requestId);
    /// @notice Thrown when somebody else than student and tutor rates.
    error NotParty(address caller);
    /// @notice Thrown when a proposal is ended before `until` (seconds).
    error ProposalOpen(uint256 until);
    /// @notice Thrown when a proposal is answered at or after `until` (seconds).
    error ProposalOver(uint256 until);
    /// @notice Thrown at or after `expiry` (seconds), when a quote does not hold any more.
    error QuoteExpired(uint64 expiry);
    /// @notice Thrown when a quote of this tutor with this nonce has been accepted before.
    error QuoteUsed(address tutor, uint256 nonce);
    /// @notice Thrown when the rate is above what the student would pay (base units a second).
    error RateAboveMax(uint128 ratePerSecond, uint128 maxRate);
    /// @notice Thrown when a credential would leave its owner.
    error Soulbound(uint256 tokenId);
    /// @notice Thrown when a tutor is proposed whom another request binds.
    error TutorBusy(address tutor, bytes32 requestId);
    /// @notice Thrown when the student deposits at another rate than the accepted one (base units a
    /// second).
    error WrongRate(uint128 ratePerSecond, uint128 accepted);

    /// @dev The request that a tutor was proposed for last. It is overwritten and never cleared:
    /// whether it still binds the tutor is written in the request.
    mapping(address tutor => bytes32 id) internal _proposedFor;
    /// @dev Quotes that have been accepted.
    mapping(address tutor => mapping(uint256 nonce => bool)) internal _isUsed;

    constructor(
        Config memory config
    ) MatchmakingBase(config) EIP712("MeterproofMatchmaking", "1") {}

    // ----------------------------------------------------------------------------------- actions

    /// @notice Accepts the present proposal. Anyone who brings the tutor's quote, in time.
    /// @param ratePerSecond Price of a second, in base units of the request's token.
    /// @param expiry First second in which the quote does not hold any more.
    /// @param nonce Distinguishes the quotes of a tutor; each is accepted once.
    /// @param quote The tutor's EIP-712 signature of a `Quote`, 65 bytes.
    function accept(
        bytes32 id,
        uint128 ratePerSecond,
        uint64 expiry,
        uint256 nonce,
        bytes calldata quote
    ) external virtual {
        Request storage r = _requests[id];
        _requireProposed(r);
        _requireAnswerable(r);
        _requireQuotable(r, ratePerSecond);
        _requireUnexpired(expiry);
        if (_isUsed[r.tutor][nonce]) revert QuoteUsed(r.tutor, nonce);
        if (!_isQuote(id, r, Offer(ratePerSecond, expiry, nonce), quote)) revert InvalidQuote(id);

        _use(r, nonce);
        _accept(id, r, ratePerSecond, expiry);
    }

    // ------------------------------------------------------------------------------------- views

    /// @notice The request that binds this tutor in this block, 0 for a tutor who is free.
    function boundTo(address tutor) public view virtual returns (bytes32 id) {
        id = _proposedFor[tutor];
        Request storage r = _requests[id];
        return r.tutor == tutor && _isBinding(r) ? id : bytes32(0);
    }

    /// @notice Whether a quote of this tutor with this nonce has been accepted.
    function isUsed(address tutor, uint256 nonce) external view virtual returns (bool) {
        return _isUsed[tutor][nonce];
    }

    /// @notice The EIP-712 digest that the proposed tutor signs to accept.
    function quoteDigest(
        bytes32 id,
        uint128 ratePerSecond,
        uint64 expiry,
        uint256 nonce
    ) external view virtual returns (bytes32) {
        Request storage r = _requests[id];
        return _quoteDigest(id, r.student, r.tutor, r.token, Offer(ratePerSecond, expiry, nonce));
    }

    // ------------------------------------------------------------------------ what is required

    function _requireFree(address tutor) internal view virtual override {
        bytes32 id = boundTo(tutor);
        if (id != 0) revert TutorBusy(tutor, id);
    }

    function _requireAnswerable(Request storage r) internal view virtual override {
        if (block.timestamp >= _proposalEnd(r)) revert ProposalOver(_proposalEnd(r));
    }

    function _requireLapsed(Request storage r) internal view virtual override {
        if (block.timestamp < _proposalEnd(r)) revert ProposalOpen(_proposalEnd(r));
    }

    function _requireQuotable(Request storage r, uint128 ratePerSecond) internal view virtual {
        if (ratePerSecond > r.maxRate) revert RateAboveMax(ratePerSecond, r.maxRate);
        if (ratePerSecond == 0) revert ZeroRate();
    }

    function _requireUnexpired(uint64 expiry) internal view virtual {
        if (block.timestamp >= expiry) revert QuoteExpired(expiry);
    }

    function _requireConsumable(Request storage r) internal view virtual override {
        _requireAwaiting(r);
    }

    function _requireDepositInTime(Request storage r) internal view virtual override {
        if (block.timestamp >= _depositEnd(r)) revert DepositWindowOver(_depositEnd(r));
        _requireUnexpired(r.quoteExpiry);
    }

    function _requireRate(Request storage r, uint128 ratePerSecond) internal view virtual override {
        if (ratePerSecond != r.rate) revert WrongRate(ratePerSecond, r.rate);
    }

    function _requireReleasable(Request storage r) internal view virtual override {
        if (_isBinding(r)) revert DepositWindowOpen(r.boundUntil);
    }

    function _requireCompletable(Request storage r) internal view virtual override {
        if (r.status != Status.Matched) revert NotMatched(r.status);
    }

    function _earnsCredential(Request storage r) internal view virtual override returns (bool) {
        return r.billedSeconds >= credentialSeconds;
    }

    /// @dev Said here as well as in the ERC-721, so that the refusal has a name in both.
    function _requireMovable(uint256 tokenId, address) internal view virtual override {
        revert Soulbound(tokenId);
    }

    function _requireMayRate(Request storage r) internal view virtual override {
        bool isStudent = msg.sender == r.student;
        if (!isStudent && msg.sender != r.tutor) revert NotParty(msg.sender);
        if ((isStudent ? r.ratingStudent : r.ratingTutor) != 0) revert AlreadyRated(msg.sender);
    }

    // ------------------------------------------------------------------------- parts of actions

    function _proposedTo(address tutor, bytes32 id) internal virtual override {
        _proposedFor[tutor] = id;
    }

    /// @dev Marks a quote of the request's tutor as accepted.
    function _use(Request storage r, uint256 nonce) internal virtual {
        _isUsed[r.tutor][nonce] = true;
        r.quoteNonce = nonce;
    }

    function _proposeOther(bytes32 id, Request storage r) internal virtual override {
        super._proposeOther(id, r);
        if (_isSearchOver(r)) _endSearch(id, r);
    }

    function _isSearchOver(Request storage r) internal view virtual returns (bool) {
        return r.attempts >= maxAttempts;
    }

    // -------------------------------------------------------------------------- times and quotes

    /// @dev What a tutor offers for a request: see `accept`.
    struct Offer {
        uint128 ratePerSecond;
        uint64 expiry;
        uint256 nonce;
    }

    function _isBinding(Request storage r) internal view virtual returns (bool) {
        return block.timestamp < r.boundUntil;
    }

    /// @dev A quote that expires before the window ends binds nobody any longer.
    function _acceptanceEnd(Request storage r) internal view virtual override returns (uint256) {
        return Math.min(super._acceptanceEnd(r), r.quoteExpiry);
    }

    function _isQuote(
        bytes32 id,
        Request storage r,
        Offer memory offer,
        bytes calldata quote
    ) internal view virtual returns (bool) {
        return _isSignedBy(r.tutor, _quoteDigest(id, r.student, r.tutor, r.token, offer), quote);
    }

    function _quoteDigest(
        bytes32 id,
        address student,
        address tutor,
        address token,
        Offer memory offer
    ) internal view virtual returns (bytes32) {
        return _hashTypedDataV4(_quoteHash(id, student, tutor, token, offer));
    }

    function _quoteHash(
        bytes32 id,
        address student,
        address tutor,
        address token,
        Offer memory offer
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                QUOTE_TYPEHASH,
                id,
                student,
                tutor,
                token,
                offer.ratePerSecond,
                offer.expiry,
                offer.nonce
            )
        );
    }

    /// @dev Whether this is `signer`'s signature over `digest`; an unreadable one is nobody's, and
    /// nobody is no tutor.
    function _isSignedBy(
        address signer,
        bytes32 digest,
        bytes calldata quote
    ) internal view virtual returns (bool) {
        return _signerOf(digest, quote) == signer;
    }

    function _signerOf(
        bytes32 digest,
        bytes calldata quote
    ) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecover(digest, quote);
    }

    function _newCredential() internal virtual override returns (MatchCredential) {
        return new SoulboundCredential();
    }

    function _credentialIdOf(
        bytes32 id,
        uint32
    ) internal view virtual override returns (uint256) {
        return uint256(id);
    }
}
