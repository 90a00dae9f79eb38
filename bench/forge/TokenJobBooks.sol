// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ITokenJob} from "src/token-job/ITokenJob.sol";
import {TokenJobHardened} from "src/token-job/TokenJobHardened.sol";

import {Handler} from "./Handler.sol";

/// @title TokenJobBooks
/// @notice The jobs of the handler, the books kept of them from outside, and the claims.
abstract contract TokenJobBooks is Handler {
    struct Facts {
        uint256 createCount;
        uint256 createdAt;
        uint256 deposited;
        /// Number of the last accepted proof.
        uint256 proven;
        uint256 proofCount;
        /// Largest number that a presented genuine receipt bears.
        uint256 receipted;
        uint256 userEndedAt;
        uint256 settleCount;
        bool settledByHost;
        uint256 refundCount;
        /// What left the job directly: to its user, and to others.
        uint256 paidUser;
        uint256 paidOther;
        /// What was added to the account of its host, to that of the treasury, and to others.
        uint256 creditedHost;
        uint256 creditedTreasury;
        uint256 creditedOther;
        uint256 billed;
    }

    uint256 internal constant JOBS = 6;
    uint256 internal constant ACTORS = 7;
    /// Participants: three users, two hosts, the treasury, a stranger.
    uint256 internal constant HOST = 3;
    uint256 internal constant TREASURY = 5;
    uint256 internal constant STRANGER = 6;
    /// Kinds of receipts below this are the user's own, for this job and this number.
    uint256 internal constant GENUINE_BELOW = 15;

    uint256 public immutable hostBps;
    uint256 public immutable windowSeconds;
    ITokenJob.Terms[] internal _terms;
    bytes32[] public ids;
    Facts[] internal _facts;
    uint256[] private _tokenOf;
    uint256[] private _userOf;
    uint256[] private _hostOf;
    /// By token and owner.
    mapping(uint256 token => mapping(uint256 owner => uint256)) private _onAccount;
    mapping(uint256 token => mapping(uint256 owner => uint256)) private _credited;
    mapping(uint256 token => mapping(uint256 owner => uint256)) internal _withdrawn;

    constructor(
        address subject_,
        bool isHardened_,
        uint256 hostBps_,
        uint256 windowSeconds_
    ) Handler(subject_, isHardened_, ACTORS, _refused()) {
        hostBps = hostBps_;
        windowSeconds = isHardened_ ? windowSeconds_ : 0;
        _add(0, 3, PLAIN, 2_000, 2_000_000, 86_400);
        _add(0, 4, LONG, 7, 100, 60);
        _add(1, 3, PLAIN, 3, 3_001, 300);
        _add(1, 3, REFUSING, 1_000, 10_500, 120);
        _add(2, 4, REFUSING, 333, 9_999, 60);
        _add(2, 3, REENTRANT, 10, 1_005, 60);
    }

    /// @dev One user and the treasury cannot be paid in the token that refuses.
    function _refused() private pure returns (address[] memory refused) {
        refused = new address[](2);
        refused[0] = _addressOf(1);
        refused[1] = _addressOf(TREASURY);
    }

    function _add(
        uint256 user,
        uint256 host,
        uint256 token,
        uint128 price,
        uint128 deposit,
        uint32 durationSeconds
    ) private {
        ITokenJob.Terms memory terms = ITokenJob.Terms({
            user: _actors[user],
            host: _actors[host],
            token: address(_tokens[token]),
            pricePerToken: price,
            deposit: deposit,
            durationSeconds: durationSeconds,
            salt: ids.length
        });
        _terms.push(terms);
        ids.push(ITokenJob(subject).jobIdOf(terms));
        _tokenOf.push(token);
        _userOf.push(user);
        _hostOf.push(host);
        _facts.push();
    }

    /// @dev A job that is over, with nothing left to claim, makes room for another like it.
    function _renew(uint256 index) internal {
        if (_facts[index].settleCount == 0 || _job(index).claimUser > 0) return;
        _terms[index].salt += JOBS;
        ids[index] = ITokenJob(subject).jobIdOf(_terms[index]);
        delete _facts[index];
        _forget(index);
    }

    function tokenOf(uint256 index) public view override returns (uint256) {
        return _tokenOf[index];
    }

    function userOf(uint256 index) public view returns (uint256) {
        return _userOf[index];
    }

    function hostOf(uint256 index) public view returns (uint256) {
        return _hostOf[index];
    }

    function _agreements() internal pure override returns (uint256) {
        return JOBS;
    }

    function _view(uint256 index) internal view override returns (bytes memory) {
        return _read(abi.encodeCall(ITokenJob.job, (ids[index])));
    }

    function _job(uint256 index) internal view returns (ITokenJob.Job memory) {
        return ITokenJob(subject).job(ids[index]);
    }

    /// @dev What is on an account, of a host or of the treasury, in a token.
    function _account(uint256 t, uint256 owner) internal view returns (uint256) {
        address token = address(_tokens[t]);
        if (owner == TREASURY) return ITokenJob(subject).treasuryBalance(token);
        return ITokenJob(subject).earnings(_actors[owner], token);
    }

    function _isOutsider(Call memory c) internal view returns (bool) {
        return c.by != userOf(c.index) && c.by != hostOf(c.index);
    }

    // ----------------------------------------------------------------------------------- times

    /// @dev First second in which a job that nobody has ended can be timed out.
    function _expiresAt(uint256 index) internal view returns (uint256) {
        return _facts[index].createdAt + _terms[index].durationSeconds + windowSeconds + 1;
    }

    function _deadline(uint256 index) internal view returns (uint256) {
        Facts storage f = _facts[index];
        if (f.createdAt == 0 || f.settleCount > 0) return 0;
        return f.userEndedAt > 0 ? f.userEndedAt + windowSeconds : _expiresAt(index);
    }

    function _endIsDue(Call memory c) internal view returns (bool) {
        Facts storage f = _facts[c.index];
        if (f.createdAt == 0 || f.settleCount > 0) return false;
        if (f.userEndedAt == 0) return !_isOutsider(c);
        return c.by == hostOf(c.index) || block.timestamp >= f.userEndedAt + windowSeconds;
    }

    // --------------------------------------------------------------------------------- figures

    /// @dev Around what the deposit buys, the next few, stale ones, and far too many.
    function _count(uint256 index, uint256 drawn) internal view returns (uint128) {
        uint256 proven = _facts[index].proven;
        uint256 most = _terms[index].deposit / _terms[index].pricePerToken;
        uint256 how = drawn % 10;
        uint256 more = drawn / 10;
        if (how < 5) return uint128(proven + 1 + (more % 150));
        if (how == 5) return uint128(most);
        if (how == 6) return uint128(most + 1 + (more % 3));
        if (how == 7) return uint128(proven - _least(proven, more % 3));
        if (how == 8) return uint128(proven + (most > proven ? (most - proven) / 2 : 0));
        return uint128(more);
    }

    function _receipt(
        uint256 index,
        uint128 tokens,
        uint256 kind
    ) internal view returns (bytes memory) {
        TokenJobHardened s = TokenJobHardened(subject);
        uint256 user = userOf(index);
        if (kind < GENUINE_BELOW) return _signed(user, s.receiptDigest(ids[index], tokens));
        if (kind == 15) return _signed(STRANGER, s.receiptDigest(ids[index], tokens));
        if (kind == 16) return _signed(hostOf(index), s.receiptDigest(ids[index], tokens));
        if (kind == 17) {
            // For another job of the same user.
            uint256 other = index % 2 == 0 ? index + 1 : index - 1;
            return _signed(user, s.receiptDigest(ids[other], tokens));
        }
        uint128 altered = tokens > 0 ? tokens - 1 : 1;
        if (kind == 18) return _signed(user, s.receiptDigest(ids[index], altered));
        return new bytes(65);
    }

    // ---------------------------------------------------------------------------------- claims

    /// @dev The job may be over after this call.
    function _over(Call memory c) internal {
        Facts storage f = _facts[c.index];
        ITokenJob.Status status = _job(c.index).status;
        if (status == ITokenJob.Status.Active || status == ITokenJob.Status.Ending) return;
        f.settleCount++;
        if (f.settleCount == 1) f.settledByHost = c.by == hostOf(c.index);
        if (_paid(c) > 0) f.refundCount++;
        _breaks(f.settleCount > 1 || f.refundCount > 1, "INV-SETTLE-ONCE");
    }

    /// @dev After each accepted call: books first, then what must hold at all times.
    function _judge(Call memory c, bool isWithdrawal) internal {
        Facts storage f = _facts[c.index];
        ITokenJob.Job memory j = _job(c.index);
        _book(c, isWithdrawal);
        uint256 credited = f.creditedHost + f.creditedTreasury;
        uint256 out = f.paidUser + f.paidOther + credited + f.creditedOther;
        _breaks(f.deposited != out + _locked(j), "INV-CONSERVATION");
        _breaks(credited > f.deposited, "INV-CAP");
        if (isHardened) {
            _breaks(credited > f.receipted * _terms[c.index].pricePerToken, "INV-RECEIPTED");
        }
        _breaks(j.billedTokens < f.billed, "INV-PROOF-MONOTONE");
        f.billed = j.billedTokens;
        bool isOut = _isOutsider(c);
        _breaks(isOut && f.paidOther + f.creditedOther > 0, "INV-STRANGER-HARMLESS");
        _breaks(_taken(c) > 0 && c.moved[userOf(c.index)] >= 0, "INV-CONSENT");
        // What the job says it has credited is what the accounts have been given.
        _breaks(j.hostAmount != f.creditedHost, "INV-EARNINGS");
        _breaks(j.treasuryAmount != f.creditedTreasury, "INV-EARNINGS");
        _judgeAll(c.index);
    }

    function _book(Call memory c, bool isWithdrawal) private {
        Facts storage f = _facts[c.index];
        f.deposited += _taken(c);
        uint256 user = userOf(c.index);
        if (!isWithdrawal && _paid(c) > 0) {
            bool isUsers = c.by == user || _received(c, user) == _paid(c);
            if (isUsers) f.paidUser += _paid(c);
            else f.paidOther += _paid(c);
        }
        bool isAny = isWithdrawal || c.by == hostOf(c.index);
        for (uint256 t = 0; t <= REENTRANT; t++) {
            // Accounts in other tokens are read where they may have changed.
            if (!isAny && t != tokenOf(c.index)) continue;
            for (uint256 owner = HOST; owner <= TREASURY; owner++) {
                _bookAccount(c, t, owner, isWithdrawal);
            }
        }
    }

    function _bookAccount(Call memory c, uint256 t, uint256 owner, bool isWithdrawal) private {
        Facts storage f = _facts[c.index];
        uint256 was = _onAccount[t][owner];
        uint256 has = _account(t, owner);
        if (has != was) _onAccount[t][owner] = has;
        if (t == tokenOf(c.index) && has > was && !isWithdrawal) {
            _credited[t][owner] += has - was;
            if (owner == TREASURY) f.creditedTreasury += has - was;
            else if (owner == hostOf(c.index)) f.creditedHost += has - was;
            else f.creditedOther += has - was;
        }
        _breaks(has + _withdrawn[t][owner] != _credited[t][owner], "INV-EARNINGS");
    }

    function _judgeSplit(uint256 index) internal {
        Facts storage f = _facts[index];
        uint256 gross = f.creditedHost + f.creditedTreasury;
        bool isExact = gross == f.billed * _terms[index].pricePerToken
            && f.creditedHost * 10_000 <= gross * hostBps
            && gross * hostBps < (f.creditedHost + 1) * 10_000;
        _breaks(!isExact, "INV-SPLIT-EXACT");
    }

    /// @dev When the job is over: the bill to the unit, and the whole rest for the user.
    function _judgeBill(uint256 index) internal {
        Facts storage f = _facts[index];
        if (f.settleCount != 1) return;
        uint256 price = _terms[index].pricePerToken;
        uint256 due = f.proven * price;
        if (due > f.deposited) due = f.deposited - (f.deposited % price);
        uint256 gross = f.creditedHost + f.creditedTreasury;
        uint256 refund = f.paidUser + _job(index).claimUser;
        _breaks(gross != due || refund != f.deposited - gross, "INV-DUST");
        _breaks(f.proofCount == 0 && refund != f.deposited, "INV-NO-PROOF-REFUND");
    }

    /// @dev In a token that refuses somebody, everybody else is paid at once.
    function _judgeRecipients(Call memory c, bool isDue) internal {
        if (!isDue || tokenOf(c.index) != REFUSING) return;
        _breaks(!c.ok, "INV-RECIPIENT-ISOLATION");
        if (!c.ok) return;
        uint256 user = userOf(c.index);
        if (user != 1) _breaks(_job(c.index).claimUser > 0, "INV-RECIPIENT-ISOLATION");
        else _breaks(c.moved[user] > 0, "INV-RECIPIENT-ISOLATION");
    }

    function _onAccounts() internal view override returns (uint256[TOKENS] memory owed) {
        for (uint256 t = 0; t <= REENTRANT; t++) {
            for (uint256 owner = HOST; owner <= TREASURY; owner++) owed[t] += _onAccount[t][owner];
        }
    }

    function _lockedBy(bytes memory answer) internal pure override returns (uint256) {
        return _locked(abi.decode(answer, (ITokenJob.Job)));
    }

    function _locked(ITokenJob.Job memory j) private pure returns (uint256) {
        bool isIn = j.status == ITokenJob.Status.Active || j.status == ITokenJob.Status.Ending;
        if (!isIn) return j.claimUser;
        uint256 credited = uint256(j.hostAmount) + j.treasuryAmount;
        return j.deposit < credited ? 0 : j.deposit - credited;
    }
}
