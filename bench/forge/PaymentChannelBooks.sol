// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPaymentChannel} from "src/payment-channel/IPaymentChannel.sol";

import {Handler} from "./Handler.sol";

/// @title PaymentChannelBooks
/// @notice The channels of the handler, the books kept of them from outside, and the claims.
abstract contract PaymentChannelBooks is Handler {
    struct Facts {
        uint256 openCount;
        uint256 openedAt;
        uint256 deposited;
        uint256 requestedAt;
        /// From when on it can be finalised by the policy's own rule.
        uint256 finalisableAt;
        uint256 endCount;
        /// Largest number of a genuine voucher that anyone has presented.
        uint256 presented;
        /// The most that an accepted genuine voucher was worth, given the deposit of its time.
        uint256 due;
        uint256 paidPayer;
        uint256 paidProvider;
        uint256 paidOther;
        /// What the channel showed as the end of its challenge.
        uint256 challengeEndsAt;
    }

    uint256 internal constant CHANNELS = 6;
    uint256 internal constant ACTORS = 6;
    /// Participants: two payers, two providers, the watcher, a stranger.
    uint256 internal constant WATCHER = 4;
    uint256 internal constant STRANGER = 5;
    /// Kinds of vouchers below this are the payer's own, for this channel and this number.
    uint256 internal constant GENUINE_BELOW = 15;

    uint256 public immutable challengeSeconds;
    IPaymentChannel.Terms[] internal _terms;
    bytes32[] public ids;
    Facts[] internal _facts;
    uint256[] private _tokenOf;
    uint256[] private _payerOf;
    uint256[] private _providerOf;

    constructor(
        address subject_,
        bool isHardened_,
        uint256 challengeSeconds_
    ) Handler(subject_, isHardened_, ACTORS, _refused()) {
        challengeSeconds = challengeSeconds_;
        _add(0, 2, PLAIN, 3_600);
        _add(0, 2, LONG, 60);
        _add(1, 3, PLAIN, 300);
        _add(1, 2, REFUSING, 120);
        _add(0, 3, REENTRANT, 60);
        _add(1, 3, FEE, 300);
    }

    /// @dev One payer and one provider cannot be paid in the token that refuses.
    function _refused() private pure returns (address[] memory refused) {
        refused = new address[](2);
        refused[0] = _addressOf(1);
        refused[1] = _addressOf(2);
    }

    function _add(uint256 payer, uint256 provider, uint256 token, uint32 expirySeconds) private {
        IPaymentChannel.Terms memory terms = IPaymentChannel.Terms({
            payer: _actors[payer],
            provider: _actors[provider],
            token: address(_tokens[token]),
            expirySeconds: expirySeconds,
            salt: ids.length
        });
        _terms.push(terms);
        ids.push(IPaymentChannel(subject).channelIdOf(terms));
        _tokenOf.push(token);
        _payerOf.push(payer);
        _providerOf.push(provider);
        _facts.push();
    }

    /// @dev A channel that is over, with nothing left to claim, makes room for another like it.
    function _renew(uint256 index) internal {
        if (_facts[index].endCount == 0) return;
        IPaymentChannel.Channel memory c = _channel(index);
        if (c.claimPayer > 0 || c.claimProvider > 0) return;
        _terms[index].salt += CHANNELS;
        ids[index] = IPaymentChannel(subject).channelIdOf(_terms[index]);
        delete _facts[index];
        _forget(index);
    }

    function tokenOf(uint256 index) public view override returns (uint256) {
        return _tokenOf[index];
    }

    function payerOf(uint256 index) public view returns (uint256) {
        return _payerOf[index];
    }

    function providerOf(uint256 index) public view returns (uint256) {
        return _providerOf[index];
    }

    function _agreements() internal pure override returns (uint256) {
        return CHANNELS;
    }

    function _view(uint256 index) internal view override returns (bytes memory) {
        return _read(abi.encodeCall(IPaymentChannel.channel, (ids[index])));
    }

    function _channel(uint256 index) internal view returns (IPaymentChannel.Channel memory) {
        return IPaymentChannel(subject).channel(ids[index]);
    }

    function _isOutsider(Call memory c) internal view returns (bool) {
        return c.by != payerOf(c.index) && c.by != providerOf(c.index);
    }

    // -------------------------------------------------------------------------- times and dues

    function _isUnderWay(uint256 index) internal view returns (bool) {
        return _facts[index].openCount > 0 && _facts[index].endCount == 0;
    }

    function _reclaimFrom(uint256 index, uint256 graceSeconds) internal view returns (uint256) {
        return _facts[index].openedAt + _terms[index].expirySeconds + graceSeconds;
    }

    function _deadline(uint256 index) internal view returns (uint256) {
        if (!_isUnderWay(index)) return 0;
        if (_facts[index].requestedAt > 0) return _facts[index].finalisableAt;
        return _reclaimFrom(index, isHardened && block.timestamp % 2 == 0 ? challengeSeconds : 0);
    }

    /// @dev Whether a redemption by somebody who may must be accepted.
    function _redeemIsDue(
        Call memory c,
        uint256 units,
        bool isGenuine
    ) internal view returns (bool) {
        if (!_isUnderWay(c.index) || !isGenuine) return false;
        if (c.by != providerOf(c.index) && !(isHardened && c.by == WATCHER)) return false;
        return _least(units, _facts[c.index].deposited) > _facts[c.index].due;
    }

    function _finaliseIsDue(uint256 index) internal view returns (bool) {
        Facts storage f = _facts[index];
        return _isUnderWay(index) && f.requestedAt > 0 && block.timestamp >= f.finalisableAt;
    }

    function _reclaimIsDue(Call memory c) internal view returns (bool) {
        if (!_isUnderWay(c.index) || _facts[c.index].requestedAt > 0) return false;
        uint256 from = _reclaimFrom(c.index, isHardened ? challengeSeconds : 0);
        return c.by == payerOf(c.index) && block.timestamp >= from;
    }

    // --------------------------------------------------------------------------------- figures

    /// @dev Small amounts mostly, at times none, huge ones, or all that fits.
    function _amount(uint256 drawn) internal pure returns (uint128) {
        uint256 how = drawn % 16;
        uint256 more = drawn / 16;
        if (how < 12) return uint128(1 + (more % 5_000));
        if (how == 12) return 0;
        if (how == 13) return uint128(more);
        return how == 14 ? 2_000_000 : type(uint128).max - uint128(more % 2);
    }

    /// @dev A cumulative number: the next, around the deposit, a stale one, none, far too much.
    function _number(uint256 index, uint256 drawn) internal view returns (uint128) {
        Facts storage f = _facts[index];
        uint256 how = drawn % 12;
        uint256 more = drawn / 12;
        if (how < 5) return uint128(f.due + 1 + (more % 400));
        if (how == 5) return uint128(f.deposited);
        if (how == 6) return uint128(f.deposited + 1 + (more % 50));
        if (how == 7) return uint128(f.due - _least(f.due, more % 3));
        if (how == 8) return uint128(f.due + (f.deposited > f.due ? (f.deposited - f.due) / 2 : 0));
        if (how == 9) return uint128(more);
        return how == 10 ? 0 : uint128(1 + (more % 5_000));
    }

    function _voucher(
        uint256 index,
        uint128 units,
        uint256 kind
    ) internal view returns (bytes memory) {
        IPaymentChannel s = IPaymentChannel(subject);
        uint256 payer = payerOf(index);
        if (kind < GENUINE_BELOW) return _signed(payer, s.voucherDigest(ids[index], units));
        if (kind == 15) return _signed(STRANGER, s.voucherDigest(ids[index], units));
        if (kind == 16) return _signed(providerOf(index), s.voucherDigest(ids[index], units));
        // For another channel of the same payer.
        uint256 other = index == 0 ? 1 : index == 1 || index == 4 ? 0 : index == 2 ? 3 : 2;
        if (kind == 17) return _signed(payer, s.voucherDigest(ids[other], units));
        if (kind == 18) return _signed(payer, s.voucherDigest(ids[index], units ^ 1));
        return new bytes(65);
    }

    // ---------------------------------------------------------------------------------- claims

    /// @dev After each accepted call: books first, then what must hold at all times.
    function _judge(Call memory c) internal {
        Facts storage f = _facts[c.index];
        _book(c);
        IPaymentChannel.Channel memory is_ = _channel(c.index);
        uint256 provider = f.paidProvider + is_.claimProvider;
        uint256 out = f.paidPayer + f.paidProvider + f.paidOther;
        _breaks(f.deposited != out + _locked(is_), "INV-CONSERVATION");
        _breaks(provider > f.deposited, "INV-CAP");
        _breaks(provider > f.presented, "INV-NEWEST-VOUCHER");
        _breaks(provider != f.due, "INV-PAID-ONCE");
        _breaks(f.endCount > 1, "INV-SETTLE-ONCE");
        if (isHardened) {
            bool isMoved = f.challengeEndsAt > 0 && is_.challengeEndsAt != f.challengeEndsAt;
            _breaks(isMoved, "INV-NO-TIMER-RESET");
        }
        f.challengeEndsAt = is_.challengeEndsAt;
        _breaks(_isOutsider(c) && f.paidOther > 0, "INV-STRANGER-HARMLESS");
        _judgeAll(c.index);
    }

    function _book(Call memory c) private {
        Facts storage f = _facts[c.index];
        f.deposited += _taken(c);
        uint256 paid = _paid(c);
        if (paid == 0) return;
        (uint256 payer, uint256 provider) = (payerOf(c.index), providerOf(c.index));
        uint256 toPayer = _received(c, payer);
        uint256 toProvider = _received(c, provider);
        if (toPayer + toProvider == 0 && c.by == payer) toPayer = paid;
        else if (toPayer + toProvider == 0 && c.by == provider) toProvider = paid;
        f.paidPayer += toPayer;
        f.paidProvider += toProvider;
        f.paidOther += paid - toPayer - toProvider;
    }

    /// @dev At the end of a channel.
    function _judgeEnd(uint256 index) internal {
        Facts storage f = _facts[index];
        if (f.endCount != 1) return;
        IPaymentChannel.Channel memory c = _channel(index);
        uint256 shares = f.paidPayer + f.paidProvider + c.claimPayer + c.claimProvider;
        _breaks(shares != f.deposited, "INV-DUST");
    }

    /// @dev In a token that refuses somebody, everybody else is paid at once.
    function _judgeRecipients(Call memory c, bool isDue) internal {
        if (!isDue || tokenOf(c.index) != REFUSING) return;
        _breaks(!c.ok, "INV-RECIPIENT-ISOLATION");
        if (!c.ok) return;
        // The only channel in this token is between the two who are refused.
        _breaks(c.moved[1] > 0 || c.moved[2] > 0, "INV-RECIPIENT-ISOLATION");
    }

    function _lockedBy(bytes memory answer) internal pure override returns (uint256) {
        return _locked(abi.decode(answer, (IPaymentChannel.Channel)));
    }

    function _locked(IPaymentChannel.Channel memory c) private pure returns (uint256) {
        uint256 claims = uint256(c.claimPayer) + c.claimProvider;
        bool isIn =
            c.status == IPaymentChannel.Status.Open || c.status == IPaymentChannel.Status.Closing;
        if (!isIn) return claims;
        return claims + (c.deposit > c.paid ? c.deposit - c.paid : 0);
    }
}
