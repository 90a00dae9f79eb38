// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IWithdrawal} from "src/withdrawal/IWithdrawal.sol";

import {Handler} from "./Handler.sol";

/// @title WithdrawalBooks
/// @notice The withdrawals of the handler, the books kept from outside, and the claims.
abstract contract WithdrawalBooks is Handler {
    struct Facts {
        uint256 requestCount;
        bool isProcessing;
        uint256 approvedAt;
        uint256 endCount;
        bool isCompleted;
        /// What left the contract for it: to the bank, or as the bank said.
        uint256 paid;
    }

    /// What a teacher has in a token, over all withdrawals.
    struct Purse {
        uint256 credited;
        uint256 commission;
        /// Sums of the completed, the open, and those of them that are approved.
        uint256 withdrawn;
        uint256 open;
        uint256 processing;
        /// The accounts when they were last looked at.
        uint256 available;
        uint256 pending;
    }

    uint256 internal constant REQUESTS = 6;
    uint256 internal constant TEACHERS = 3;
    uint256 internal constant ACTORS = 8;
    /// Participants: three teachers, two admins, the bank, the platform, a stranger.
    uint256 internal constant ADMIN = 3;
    uint256 internal constant BANK = 5;
    uint256 internal constant PLATFORM = 6;

    uint256 public immutable minimumUnits;
    uint256 public immutable timeoutSeconds;
    uint256 public immutable commissionBps;
    IWithdrawal.Terms[] internal _terms;
    bytes32[] public ids;
    Facts[] internal _facts;
    uint256[] private _tokenOf;
    mapping(uint256 teacher => mapping(uint256 token => Purse)) internal _purses;
    /// By token: what the commission account should hold, and what it held when last looked at.
    mapping(uint256 token => uint256) internal _commissionDue;
    mapping(uint256 token => uint256) internal _commissionSeen;
    mapping(uint256 bankReference => bool) internal _used;

    constructor(
        address subject_,
        bool isHardened_,
        IWithdrawal.Config memory config
    ) Handler(subject_, isHardened_, ACTORS, _refused()) {
        minimumUnits = config.minimumUnits;
        timeoutSeconds = config.processingTimeoutSeconds;
        commissionBps = config.commissionBps;
        _add(0, PLAIN);
        _add(0, PLAIN);
        _add(1, REFUSING);
        _add(1, REFUSING);
        _add(0, LONG);
        _add(2, REENTRANT);
    }

    /// @dev The bank cannot be paid in the token that refuses.
    function _refused() private pure returns (address[] memory refused) {
        refused = new address[](1);
        refused[0] = _addressOf(BANK);
    }

    function _add(uint256 teacher, uint256 token) private {
        _terms.push(
            IWithdrawal.Terms(_actors[teacher], address(_tokens[token]), 100, ids.length)
        );
        ids.push(IWithdrawal(subject).withdrawalIdOf(_terms[ids.length]));
        _tokenOf.push(token);
        _facts.push();
    }

    /// @dev As described, what is asked for is not reserved.
    function _promises(bytes32 claim) internal view override returns (bool) {
        if (isHardened) return true;
        return claim != "INV-SOLVENCY" && claim != "INV-EARNED" && claim != "INV-RESERVED"
            && claim != "INV-BOOKS" && claim != "INV-RESTORE" && claim != "INV-EXIT"
            && claim != "INV-CONSERVATION" && claim != "INV-REFERENCE"
            && claim != "INV-BANK-WINDOW";
    }

    /// @dev Other terms, unless a request stands on these.
    function _renew(uint256 index, uint256 amount, bool isNew) internal {
        Facts storage f = _facts[index];
        if (f.requestCount > 0 && (!isNew || f.endCount == 0)) return;
        if (_withdrawal(index).claimBank > 0) return;
        _terms[index].amount = _amount(index, amount);
        _terms[index].salt += REQUESTS;
        ids[index] = IWithdrawal(subject).withdrawalIdOf(_terms[index]);
        delete _facts[index];
        _forget(index);
    }

    function tokenOf(uint256 index) public view override returns (uint256) {
        return _tokenOf[index];
    }

    function teacherOf(uint256 index) public view returns (uint256) {
        return _actorOf(_terms[index].teacher);
    }

    function _purse(uint256 index) internal view returns (Purse storage) {
        return _purses[teacherOf(index)][tokenOf(index)];
    }

    function _agreements() internal pure override returns (uint256) {
        return REQUESTS;
    }

    function _view(uint256 index) internal view override returns (bytes memory) {
        return _read(abi.encodeCall(IWithdrawal.withdrawal, (ids[index])));
    }

    function _withdrawal(uint256 index) internal view returns (IWithdrawal.Withdrawal memory) {
        return IWithdrawal(subject).withdrawal(ids[index]);
    }

    function _available(uint256 index) internal view returns (uint256) {
        return IWithdrawal(subject).availableOf(_terms[index].teacher, _terms[index].token);
    }

    function _isAdmin(uint256 by) internal pure returns (bool) {
        return by == ADMIN || by == ADMIN + 1;
    }

    function _isOutsider(Call memory c) internal view returns (bool) {
        return c.by != teacherOf(c.index) && (c.by < ADMIN || c.by > PLATFORM);
    }

    function _deadline(uint256 index) internal view returns (uint256) {
        Facts storage f = _facts[index];
        return f.isProcessing && f.endCount == 0 ? f.approvedAt + timeoutSeconds : 0;
    }

    function _isOpen(uint256 index) internal view returns (bool) {
        return _facts[index].requestCount > 0 && _facts[index].endCount == 0;
    }

    /// @dev Around what is available and around the minimum.
    function _amount(uint256 index, uint256 drawn) private view returns (uint128) {
        uint256 how = drawn % 8;
        uint256 more = drawn / 8;
        uint256 available = _available(index);
        if (how == 0) return uint128(available);
        if (how == 1) return uint128(available + 1);
        if (how == 2) return uint128(minimumUnits - 1 + (more % 3));
        if (how == 3) return uint128(more);
        if (how == 4) return uint128(available / 2);
        return uint128(minimumUnits + (more % (available + 1)) / 2);
    }

    // ---------------------------------------------------------------------------------- claims

    /// @dev After each accepted call: books first, then what must hold at all times.
    function _judge(Call memory c) internal {
        Facts storage f = _facts[c.index];
        IWithdrawal.Withdrawal memory w = _withdrawal(c.index);
        _breaks(_isOutsider(c), "INV-STRANGER-HARMLESS");
        _breaks(f.endCount > 1, "INV-SETTLE-ONCE");
        uint256 settled = f.paid + w.claimBank;
        _breaks(settled != (f.isCompleted ? w.amount : 0), "INV-PAID-ONCE");
        _judgePurses(c);
        _judgeCommission(tokenOf(c.index));
        _judgeAll(c.index);
    }

    function _judgePurses(Call memory c) private {
        for (uint256 t = 0; t <= REENTRANT; t++) {
            for (uint256 teacher = 0; teacher < TEACHERS; teacher++) {
                bool isOwn = teacher == teacherOf(c.index) && t == tokenOf(c.index);
                Purse storage p = _purses[teacher][t];
                // Only these four pairs are ever used.
                if (p.credited == 0 && !isOwn) continue;
                _judgePurse(p, teacher, t, isOwn);
            }
        }
    }

    function _judgePurse(Purse storage p, uint256 teacher, uint256 t, bool isOwn) private {
        IWithdrawal s = IWithdrawal(subject);
        uint256 available = s.availableOf(_actors[teacher], address(_tokens[t]));
        uint256 pending = s.pendingOf(_actors[teacher], address(_tokens[t]));
        if (available != p.available || pending != p.pending) {
            _breaks(!isOwn, "INV-ISOLATION");
            p.available = available;
            p.pending = pending;
        }
        if (!isOwn) return;
        uint256 net = p.credited - p.commission;
        _breaks(p.withdrawn + p.processing > net, "INV-EARNED");
        _breaks(p.withdrawn + p.open + available != net || pending != p.open, "INV-BOOKS");
    }

    function _judgeCommission(uint256 t) private {
        uint256 has = IWithdrawal(subject).commissionOf(address(_tokens[t]));
        _commissionSeen[t] = has;
        _breaks(has != _commissionDue[t], "INV-FEE");
        uint256[TOKENS] memory owed = _onAccounts();
        uint256 all = owed[t];
        for (uint256 i = 0; i < REQUESTS; i++) {
            if (tokenOf(i) == t) all += _withdrawal(i).claimBank;
        }
        _breaks(_held(t) != all, "INV-CONSERVATION");
    }

    function _onAccounts() internal view override returns (uint256[TOKENS] memory owed) {
        for (uint256 t = 0; t <= REENTRANT; t++) {
            owed[t] = _commissionSeen[t];
            for (uint256 teacher = 0; teacher < TEACHERS; teacher++) {
                Purse storage p = _purses[teacher][t];
                owed[t] += p.available + p.pending;
            }
        }
    }

    function _lockedBy(bytes memory answer) internal pure override returns (uint256) {
        return abi.decode(answer, (IWithdrawal.Withdrawal)).claimBank;
    }
}
