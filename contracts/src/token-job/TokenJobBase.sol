// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {TokenMover} from "../shared/TokenMover.sol";
import {ITokenJob} from "./ITokenJob.sol";

/// @title TokenJobBase
/// @notice Billing of inference by the model token: a user pays a deposit in advance, the host
/// proves cumulative numbers of tokens, each proof credits host and treasury with their shares, and
/// at the end the user gets back what was not billed. What a proof must bring, and whether the
/// user's end is final, is the policy's business.
/// @dev Order of checks in every action: state, caller, time, arguments, token. Order of effects:
/// state, event, token calls; all actions are guarded against re-entrancy besides.
///
/// Shares are computed from all that is billed and credited by their increase, so that rounding
/// does not depend on how many proofs there were. They wait in accounts, one for each host and
/// token and one for the treasury in each token, which go on over all jobs; so an end pushes to
/// nobody but the user, and a host that cannot be paid holds nobody up.
abstract contract TokenJobBase is ITokenJob, TokenMover, ReentrancyGuard {
    /// @dev The whole, in basis points.
    uint256 internal constant BPS = 10_000;

    /// @notice Host's part of what is billed, in basis points; the treasury has the rest.
    uint16 public immutable hostBps;
    /// @notice Receives the rest of what is billed.
    address public immutable treasury;

    mapping(bytes32 id => Job) internal _jobs;
    /// @dev Credited and not withdrawn, in base units of the token.
    mapping(address host => mapping(address token => uint256)) internal _earnings;
    /// @dev Likewise.
    mapping(address token => uint256) internal _treasuryBalance;

    constructor(uint16 hostBps_, address treasury_) {
        if (hostBps_ > BPS) revert InvalidHostBps(hostBps_);
        if (treasury_ == address(0)) revert InvalidTreasury();
        hostBps = hostBps_;
        treasury = treasury_;
    }

    // ------------------------------------------------------------------------------------- views

    /// @inheritdoc ITokenJob
    function job(bytes32 id) external view virtual returns (Job memory) {
        return _jobs[id];
    }

    /// @inheritdoc ITokenJob
    function jobIdOf(Terms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc ITokenJob
    function closesAt(bytes32 id) external view returns (uint256) {
        Job storage j = _jobs[id];
        return j.startedAt == 0 ? 0 : _closesAt(j);
    }

    /// @inheritdoc ITokenJob
    function earnings(address host, address token) public view virtual returns (uint256) {
        return _earnings[host][token];
    }

    /// @inheritdoc ITokenJob
    function treasuryBalance(address token) public view virtual returns (uint256) {
        return _treasuryBalance[token];
    }

    // ----------------------------------------------------------------------------------- actions

    /// @inheritdoc ITokenJob
    function createSession(
        Terms calldata terms
    ) public virtual nonReentrant returns (bytes32 id) {
        id = jobIdOf(terms);
        Job storage j = _jobs[id];
        _requireUnused(id, j);
        _requireCreator(terms);
        _requireSoundTerms(terms);

        j.status = Status.Active;
        j.user = terms.user;
        j.host = terms.host;
        j.token = terms.token;
        j.pricePerToken = terms.pricePerToken;
        j.deposit = terms.deposit;
        j.durationSeconds = terms.durationSeconds;
        j.startedAt = uint64(block.timestamp);
        emit SessionCreated(
            id, terms.user, terms.host, terms.token, terms.pricePerToken, terms.deposit
        );
        _pull(IERC20(terms.token), terms.user, terms.deposit);
    }

    /// @inheritdoc ITokenJob
    function timeout(bytes32 id) external virtual nonReentrant {
        Job storage j = _jobs[id];
        _requireActive(j);
        _requireExpired(j);
        _settle(id, j, j.provenTokens == 0 ? Status.Abandoned : Status.TimedOut);
    }

    /// @inheritdoc ITokenJob
    function withdrawEarnings(bytes32 id, address to) external virtual nonReentrant {
        Job storage j = _jobs[id];
        if (j.status == Status.None) revert NotFound(id);
        _requireHost(j);
        uint256 amount = _takeEarnings(j);
        _requirePayable(amount, to);

        emit EarningsWithdrawn(id, j.host, j.token, to, amount);
        if (!_tryPay(IERC20(j.token), to, amount)) revert WithdrawFailed(to, amount);
    }

    /// @inheritdoc ITokenJob
    function withdrawTreasury(bytes32 id, address to) external virtual nonReentrant {
        Job storage j = _jobs[id];
        if (j.status == Status.None) revert NotFound(id);
        if (msg.sender != treasury) revert NotTreasury(msg.sender, treasury);
        uint256 amount = _takeTreasury(j);
        _requirePayable(amount, to);

        emit TreasuryWithdrawn(id, j.token, to, amount);
        if (!_tryPay(IERC20(j.token), to, amount)) revert WithdrawFailed(to, amount);
    }

    /// @inheritdoc ITokenJob
    function claim(bytes32 id, address to) external virtual nonReentrant {
        Job storage j = _jobs[id];
        uint256 amount = j.claimUser;
        if (msg.sender != j.user || amount == 0) revert NothingToClaim(msg.sender);
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);

        j.claimUser = 0;
        emit Claimed(id, msg.sender, to, amount);
        if (!_tryPay(IERC20(j.token), to, amount)) revert ClaimFailed(to, amount);
    }

    // ------------------------------------------------------------------------- parts of actions

    /// @dev An id is used once and for all: jobs that are over keep it.
    function _requireUnused(bytes32 id, Job storage j) internal view virtual {
        if (j.status != Status.None) revert SessionExists(id);
    }

    /// @dev An allowance is not consent to any particular job: only its owner spends it.
    function _requireCreator(Terms calldata terms) internal view virtual {
        if (msg.sender != terms.user) revert NotUser(msg.sender, terms.user);
    }

    function _requireSoundTerms(Terms calldata terms) internal view virtual {
        address host = terms.host;
        if (host == address(0) || host == terms.user || host == address(this)) {
            revert InvalidHost(host);
        }
        if (terms.pricePerToken == 0) revert ZeroPrice();
        if (terms.durationSeconds == 0) revert ZeroDuration();
        if (terms.deposit < terms.pricePerToken) {
            revert DepositBelowPrice(terms.deposit, terms.pricePerToken);
        }
    }

    function _requireActive(Job storage j) internal view virtual {
        if (j.status != Status.Active) revert NotActive(j.status);
    }

    function _requireHost(Job storage j) internal view virtual {
        if (msg.sender != j.host) revert NotHost(msg.sender, j.host);
    }

    /// @dev The two parties may end an active job at any time.
    function _requireParty(Job storage j) internal view virtual {
        if (msg.sender != j.user && msg.sender != j.host) revert NotParty(msg.sender);
    }

    /// @dev The last second for proofs is not yet one for the timeout.
    function _requireExpired(Job storage j) internal view virtual {
        uint256 until = _closesAt(j);
        if (block.timestamp <= until) revert NotExpired(until);
    }

    function _requireOpen(Job storage j) internal view virtual {
        uint256 until = _closesAt(j);
        if (block.timestamp > until) revert SessionExpired(until);
    }

    /// @dev Proofs are cumulative, so a repeated or overtaken one proves nothing.
    function _requireNewer(Job storage j, uint128 cumulativeTokens) internal view virtual {
        if (cumulativeTokens <= j.provenTokens) {
            revert StaleProof(cumulativeTokens, j.provenTokens);
        }
    }

    function _requirePayable(uint256 amount, address to) internal view virtual {
        if (amount == 0) revert NothingToWithdraw();
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);
    }

    /// @dev Bills what the proof adds, as far as the deposit goes, and credits both shares of it.
    /// What fits in the deposit fits in 128 bits.
    function _accept(bytes32 id, Job storage j, uint128 cumulativeTokens) internal virtual {
        uint128 billed = _billable(j, cumulativeTokens);
        uint256 gross = _grossOf(j, billed);
        uint256 hostTotal = _hostShareOf(j, gross);
        uint256 hostAmount = hostTotal - j.hostAmount;
        uint256 treasuryAmount = gross - hostTotal - j.treasuryAmount;

        j.provenTokens = cumulativeTokens;
        j.billedTokens = billed;
        j.hostAmount = SafeCast.toUint128(hostTotal);
        j.treasuryAmount = SafeCast.toUint128(gross - hostTotal);
        _credit(j, hostAmount, treasuryAmount);
        emit ProofAccepted(id, cumulativeTokens, billed, hostAmount, treasuryAmount);
    }

    function _credit(
        Job storage j,
        uint256 hostAmount,
        uint256 treasuryAmount
    ) internal virtual {
        _earnings[j.host][j.token] += hostAmount;
        _treasuryBalance[j.token] += treasuryAmount;
    }

    /// @dev Empties the account of the job's host in the job's token.
    function _takeEarnings(Job storage j) internal virtual returns (uint256 amount) {
        amount = _earnings[j.host][j.token];
        _earnings[j.host][j.token] = 0;
    }

    /// @dev Empties the treasury's account in the job's token.
    function _takeTreasury(Job storage j) internal virtual returns (uint256 amount) {
        amount = _treasuryBalance[j.token];
        _treasuryBalance[j.token] = 0;
    }

    /// @dev The job is over before the token is called; a refund that cannot be pushed stays owed.
    function _settle(bytes32 id, Job storage j, Status over) internal virtual {
        uint256 refund = _refundOf(j);
        j.status = over;
        emit SessionEnded(id, msg.sender, j.billedTokens, refund);
        j.claimUser = _pushOrDefer(id, j, refund);
    }

    /// @dev Pays `amount` base units to the user, or reports the whole amount as deferred.
    /// @return deferred What could not be paid, in base units: 0 or `amount`.
    function _pushOrDefer(
        bytes32 id,
        Job storage j,
        uint256 amount
    ) internal virtual returns (uint128 deferred) {
        if (amount == 0 || _tryPay(IERC20(j.token), j.user, amount)) return 0;
        emit PaymentDeferred(id, j.user, amount);
        return SafeCast.toUint128(amount);
    }

    // ------------------------------------------------------------------------ time and amounts

    /// @dev Last second (inclusive) in which work can be proven while the job is Active.
    function _closesAt(Job storage j) internal view virtual returns (uint256) {
        return uint256(j.startedAt) + j.durationSeconds;
    }

    /// @dev Model tokens that the deposit pays for; rounds down, for the user: a token that is not
    /// covered in full is not sold.
    function _affordableTokens(Job storage j) internal view virtual returns (uint128) {
        return j.deposit / j.pricePerToken;
    }

    /// @dev Model tokens to be billed out of those that were proven.
    function _billable(
        Job storage j,
        uint128 cumulativeTokens
    ) internal view virtual returns (uint128) {
        return uint128(Math.min(cumulativeTokens, _affordableTokens(j)));
    }

    /// @dev Price of `tokens` model tokens, in base units. Exact; cannot overflow.
    function _grossOf(Job storage j, uint128 tokens) internal view virtual returns (uint256) {
        return uint256(tokens) * j.pricePerToken;
    }

    /// @dev Host's share of all that is billed, in base units; rounds down, for the treasury.
    function _hostShareOf(Job storage, uint256 gross) internal view virtual returns (uint256) {
        return (gross * hostBps) / BPS;
    }

    /// @dev What is not billed, in base units. Cannot underflow: no more is billed than the
    /// deposit pays for.
    function _refundOf(Job storage j) internal view virtual returns (uint256) {
        return j.deposit - _grossOf(j, j.billedTokens);
    }
}
