// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {TokenMover} from "../shared/TokenMover.sol";
import {IPaymentChannel} from "./IPaymentChannel.sol";

/// @title PaymentChannelBase
/// @notice A channel for small payments in one direction: the payer locks a deposit and signs, off
/// chain, cumulative vouchers for what it has received; the provider redeems the newest of them.
/// Who may redeem, when the challenge ends and when an expired channel can be reclaimed is the
/// policy's business.
/// @dev Order of checks in every action: state, caller, time, arguments, token. Order of effects:
/// state, event, token calls; all actions are guarded against re-entrancy besides.
///
/// Vouchers are cumulative: each promises a total since the opening. So the newest is worth all
/// before it, one that is repeated or overtaken pays nothing, and a top-up needs no new agreement.
/// They are ECDSA signatures of the payer's own key; a payer that is a contract cannot sign one.
abstract contract PaymentChannelBase is IPaymentChannel, TokenMover, ReentrancyGuard, EIP712 {
    /// @notice EIP-712 type hash of a voucher.
    bytes32 public constant VOUCHER_TYPEHASH =
        keccak256("Voucher(bytes32 channelId,uint128 cumulative)");

    /// @notice Redeems for providers that are offline, where the policy lets it.
    address public immutable watcher;
    /// @notice Time after the payer's request in which the provider can redeem, in seconds.
    uint32 public immutable challengeSeconds;

    mapping(bytes32 id => Channel) internal _channels;

    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) EIP712("Meterproof PaymentChannel", "1") {
        watcher = watcher_;
        challengeSeconds = challengeSeconds_;
    }

    // ------------------------------------------------------------------------------------- views

    /// @inheritdoc IPaymentChannel
    function channel(bytes32 id) external view virtual returns (Channel memory) {
        return _channels[id];
    }

    /// @inheritdoc IPaymentChannel
    function channelIdOf(Terms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc IPaymentChannel
    function expiresAt(bytes32 id) external view returns (uint256) {
        Channel storage c = _channels[id];
        return c.openedAt == 0 ? 0 : _expiresAt(c);
    }

    /// @inheritdoc IPaymentChannel
    function voucherDigest(bytes32 id, uint128 cumulative) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, id, cumulative)));
    }

    // ----------------------------------------------------------------------------------- actions

    /// @inheritdoc IPaymentChannel
    function open(
        Terms calldata terms,
        uint128 amount
    ) public virtual nonReentrant returns (bytes32 id) {
        id = channelIdOf(terms);
        Channel storage c = _channels[id];
        _requireUnused(id, c);
        if (msg.sender != terms.payer) revert NotPayer(msg.sender, terms.payer);
        _requireSoundTerms(terms);
        if (amount == 0) revert ZeroAmount();

        c.status = Status.Open;
        c.payer = terms.payer;
        c.provider = terms.provider;
        c.token = terms.token;
        c.deposit = amount;
        c.expirySeconds = terms.expirySeconds;
        c.openedAt = uint64(block.timestamp);
        emit Opened(
            id, terms.payer, terms.provider, terms.token, terms.expirySeconds, amount
        );
        _pull(IERC20(terms.token), terms.payer, amount);
    }

    /// @inheritdoc IPaymentChannel
    function topUp(bytes32 id, uint128 amount) external virtual nonReentrant {
        Channel storage c = _channels[id];
        _requireOpen(c);
        _requirePayer(c);
        if (block.timestamp >= _expiresAt(c)) revert ChannelExpired(_expiresAt(c));
        if (amount == 0) revert ZeroAmount();
        uint256 deposit = uint256(c.deposit) + amount;
        if (deposit > type(uint128).max) revert AmountTooLarge(deposit);

        _credit(c, amount);
        emit ToppedUp(id, amount, c.deposit);
        _pull(IERC20(c.token), c.payer, amount);
    }

    /// @inheritdoc IPaymentChannel
    function redeem(
        bytes32 id,
        uint128 cumulative,
        bytes calldata voucher
    ) external virtual nonReentrant {
        Channel storage c = _channels[id];
        _requireRedeemable(c);
        _requireMayRedeem(c);
        uint128 amount = _increaseOf(c, cumulative);
        if (amount == 0) revert StaleVoucher(cumulative, c.paid);
        if (!_isVoucher(id, c, cumulative, voucher)) revert InvalidVoucher(id, cumulative);

        _recordPaid(c, amount);
        if (c.status == Status.Closing) _redeemedWhileClosing(c);
        emit Redeemed(id, msg.sender, cumulative, amount);
        _payProvider(id, c, amount);
    }

    /// @inheritdoc IPaymentChannel
    function close(
        bytes32 id,
        uint128 cumulative,
        bytes calldata voucher
    ) external virtual nonReentrant {
        Channel storage c = _channels[id];
        if (c.status != Status.Closing) _requireOpen(c);
        _requireProvider(c);
        if (cumulative > 0 && !_isVoucher(id, c, cumulative, voucher)) {
            revert InvalidVoucher(id, cumulative);
        }
        _end(id, c, _closingAmount(c, cumulative));
    }

    /// @inheritdoc IPaymentChannel
    function requestClose(bytes32 id) external virtual nonReentrant {
        Channel storage c = _channels[id];
        _requireOpen(c);
        _requireMayRequest(c);
        c.status = Status.Closing;
        _startChallenge(c);
        emit CloseRequested(id, c.challengeEndsAt);
    }

    /// @inheritdoc IPaymentChannel
    function finalise(bytes32 id) external virtual nonReentrant {
        Channel storage c = _channels[id];
        _requireFinalisable(c);
        _end(id, c, 0);
    }

    /// @inheritdoc IPaymentChannel
    function reclaimExpired(bytes32 id) external virtual nonReentrant {
        Channel storage c = _channels[id];
        _requireOpen(c);
        _requirePayer(c);
        uint256 from = _reclaimableAt(c);
        if (block.timestamp < from) revert NotExpired(from);
        _end(id, c, 0);
    }

    /// @inheritdoc IPaymentChannel
    function claim(bytes32 id, address to) external virtual nonReentrant {
        Channel storage c = _channels[id];
        uint256 amount = _takeClaim(c);
        if (amount == 0) revert NothingToClaim(msg.sender);
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);

        emit Claimed(id, msg.sender, to, amount);
        if (!_tryPay(IERC20(c.token), to, amount)) revert ClaimFailed(to, amount);
    }

    // ------------------------------------------------------------------------ what is required

    /// @dev An id is used once and for all: channels that are over keep it, and with it the
    /// vouchers that were signed for it.
    function _requireUnused(bytes32 id, Channel storage c) internal view virtual {
        if (c.status != Status.None) revert ChannelExists(id);
    }

    function _requireSoundTerms(Terms calldata terms) internal view virtual {
        address provider = terms.provider;
        if (provider == address(0) || provider == terms.payer || provider == address(this)) {
            revert InvalidProvider(provider);
        }
        if (terms.expirySeconds == 0) revert ZeroExpiry();
    }

    function _requireOpen(Channel storage c) internal view virtual {
        if (c.status != Status.Open) revert NotOpen(c.status);
    }

    function _requireRedeemable(Channel storage c) internal view virtual {
        if (c.status != Status.Open && c.status != Status.Closing) revert NotRedeemable(c.status);
    }

    function _requirePayer(Channel storage c) internal view virtual {
        if (msg.sender != c.payer) revert NotPayer(msg.sender, c.payer);
    }

    function _requireMayRequest(Channel storage c) internal view virtual {
        _requirePayer(c);
    }

    function _requireProvider(Channel storage c) internal view virtual {
        if (msg.sender != c.provider) revert NotProvider(msg.sender, c.provider);
    }

    function _requireMayRedeem(Channel storage c) internal view virtual {
        _requireProvider(c);
    }

    function _requireFinalisable(Channel storage c) internal view virtual {
        if (c.status != Status.Closing) revert NotClosing(c.status);
        if (block.timestamp < c.challengeEndsAt) revert ChallengeRunning(c.challengeEndsAt);
    }

    // ------------------------------------------------------------------------- parts of actions

    function _credit(Channel storage c, uint128 amount) internal virtual {
        c.deposit += amount;
    }

    function _recordPaid(Channel storage c, uint128 amount) internal virtual {
        c.paid += amount;
    }

    function _startChallenge(Channel storage c) internal virtual {
        c.challengeEndsAt = SafeCast.toUint64(block.timestamp + challengeSeconds);
    }

    /// @dev What a redemption does to a challenge that is running.
    function _redeemedWhileClosing(Channel storage c) internal virtual;

    /// @dev The channel is over before any token is called.
    /// @param amount The provider's, on top of what was paid before, in base units.
    function _end(bytes32 id, Channel storage c, uint128 amount) internal virtual {
        c.paid += amount;
        c.status = Status.Closed;
        uint128 refund = _refundOf(c);
        emit ChannelClosed(id, msg.sender, amount, refund);
        _payProvider(id, c, amount);
        _payPayer(id, c, refund);
    }

    function _payProvider(bytes32 id, Channel storage c, uint256 amount) internal virtual {
        uint128 deferred = _pushOrDefer(id, c, c.provider, amount);
        if (deferred > 0) c.claimProvider += deferred;
    }

    function _payPayer(bytes32 id, Channel storage c, uint256 amount) internal virtual {
        uint128 deferred = _pushOrDefer(id, c, c.payer, amount);
        if (deferred > 0) c.claimPayer += deferred;
    }

    /// @dev Pays `amount` base units to `owner`, or reports the whole amount as deferred.
    /// @return deferred What could not be paid, in base units: 0 or `amount`.
    function _pushOrDefer(
        bytes32 id,
        Channel storage c,
        address owner,
        uint256 amount
    ) internal virtual returns (uint128 deferred) {
        if (amount == 0 || _tryPay(IERC20(c.token), owner, amount)) return 0;
        emit PaymentDeferred(id, owner, amount);
        return SafeCast.toUint128(amount);
    }

    /// @dev Takes the caller's deferred share off the books.
    function _takeClaim(Channel storage c) internal virtual returns (uint256 amount) {
        if (msg.sender == c.payer) {
            amount = c.claimPayer;
            c.claimPayer = 0;
        } else if (msg.sender == c.provider) {
            amount = c.claimProvider;
            c.claimProvider = 0;
        }
    }

    // ----------------------------------------------------------------------- vouchers and times

    /// @dev What a voucher adds to what is paid, in base units: as far as the deposit goes, and
    /// nothing when it is overtaken.
    function _increaseOf(
        Channel storage c,
        uint128 cumulative
    ) internal view virtual returns (uint128) {
        return uint128(Math.saturatingSub(Math.min(cumulative, c.deposit), c.paid));
    }

    /// @dev Likewise for the voucher that the provider closes with.
    function _closingAmount(
        Channel storage c,
        uint128 cumulative
    ) internal view virtual returns (uint128) {
        return _increaseOf(c, cumulative);
    }

    /// @dev What is left to the payer, in base units. Cannot underflow: no more is paid than was
    /// deposited.
    function _refundOf(Channel storage c) internal view virtual returns (uint128) {
        return c.deposit - c.paid;
    }

    function _isVoucher(
        bytes32 id,
        Channel storage c,
        uint128 cumulative,
        bytes calldata voucher
    ) internal view virtual returns (bool) {
        return _signerOf(id, cumulative, voucher) == c.payer;
    }

    /// @dev Who signed this content as a voucher; zero, which is nobody, when unreadable.
    function _signerOf(
        bytes32 id,
        uint128 cumulative,
        bytes calldata voucher
    ) internal view returns (address signer) {
        (signer,,) = ECDSA.tryRecover(voucherDigest(id, cumulative), voucher);
    }

    /// @dev First second in which the channel has expired.
    function _expiresAt(Channel storage c) internal view virtual returns (uint256) {
        return uint256(c.openedAt) + c.expirySeconds;
    }

    /// @dev First second in which the payer can reclaim the rest of an open channel.
    function _reclaimableAt(Channel storage c) internal view virtual returns (uint256) {
        return _expiresAt(c);
    }
}
