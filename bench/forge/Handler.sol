// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {FeeOnTransferToken} from "src/testing/FeeOnTransferToken.sol";
import {PlainToken} from "src/testing/PlainToken.sol";
import {ReentrantToken} from "src/testing/ReentrantToken.sol";
import {RefusingToken} from "src/testing/RefusingToken.sol";

import {vm} from "./Vm.sol";

/// @title Handler
/// @notice What the handlers of all protocols share: participants with known keys, test tokens, the
/// call of the contract under test, what it moved, and which claims are broken.
/// @dev A handler judges after each accepted call, and refusals only of calls that were due.
/// The invariants merely look at what is broken: a refused call changes nothing, and reading
/// everything again after each would cost Foundry most of its speed.
abstract contract Handler {
    /// One call of the contract under test.
    struct Call {
        uint256 index;
        /// Which participant makes it.
        uint256 by;
        bool ok;
        /// How the balances of the agreement's token changed, holder by holder.
        int256[] moved;
    }

    uint256 internal constant START = 1_800_000_000;
    /// No time is waited for that is later: the contracts hold times in 64 bits.
    uint256 internal constant LATEST = 1 << 40;
    /// A recipient that takes no part.
    address internal constant ELSEWHERE = address(0xe15e);
    /// All that exists of each token, for each participant, in base units.
    uint256 internal constant EACH = 1 << 129;

    uint256 internal constant PLAIN = 0;
    uint256 internal constant LONG = 1;
    uint256 internal constant REFUSING = 2;
    uint256 internal constant REENTRANT = 3;
    uint256 internal constant FEE = 4;
    uint256 internal constant TOKENS = 5;

    /// The contract under test.
    address public immutable subject;
    bool public immutable isHardened;
    /// Addresses of the private keys from 1 on.
    address[] internal _actors;
    PlainToken[] internal _tokens;
    /// The claims that an accepted or refused call has broken.
    mapping(bytes32 claim => bool) public isBroken;
    /// The first of them; zero while there is none.
    bytes32 public firstBroken;
    /// Accepted calls of each action.
    mapping(bytes32 action => uint256) public acceptedCount;
    /// What each agreement showed when it was last looked at.
    mapping(uint256 index => bytes32) private _seen;
    mapping(uint256 index => uint256) private _lockedIn;
    /// What each holder had of each token after the last accepted call: participants in order, then
    /// `ELSEWHERE`, then the contract.
    uint256[][] private _balances;
    uint256 private _last;

    constructor(
        address subject_,
        bool isHardened_,
        uint256 actors,
        address[] memory refused
    ) {
        subject = subject_;
        isHardened = isHardened_;
        for (uint256 a = 0; a < actors; a++) _actors.push(vm.addr(a + 1));
        _tokens.push(new PlainToken(6));
        _tokens.push(new PlainToken(18));
        _tokens.push(PlainToken(address(new RefusingToken(refused))));
        _tokens.push(PlainToken(address(new ReentrantToken())));
        _tokens.push(PlainToken(address(new FeeOnTransferToken())));
        for (uint256 t = 0; t < TOKENS; t++) {
            _balances.push();
            for (uint256 a = 0; a < actors; a++) {
                _tokens[t].mint(_actors[a], EACH);
                vm.prank(_actors[a]);
                _tokens[t].approve(subject_, type(uint256).max);
                _balances[t].push(EACH);
            }
            _balances[t].push(0);
            _balances[t].push(0);
        }
        vm.warp(START);
    }

    /// @notice Names of all actions; a comparison is fair only if each was accepted now and then.
    function actions() public view virtual returns (bytes32[] memory);

    /// @dev What an outsider sees of an agreement, as the contract returns it.
    function _view(uint256 index) internal view virtual returns (bytes memory);

    function _agreements() internal view virtual returns (uint256);

    /// @notice Which token an agreement is paid in.
    function tokenOf(uint256 index) public view virtual returns (uint256);

    /// @dev Whether the policy promises this; what it cannot keep is no finding.
    function _promises(bytes32) internal view virtual returns (bool) {
        return true;
    }

    // -------------------------------------------------------------------------------- verdicts

    function _breaks(bool isSo, bytes32 claim) internal {
        if (!isSo || isBroken[claim] || !_promises(claim)) return;
        isBroken[claim] = true;
        if (firstBroken == 0) firstBroken = claim;
    }

    /// @dev After an accepted call on agreement `index`: looks at all of them, and at
    /// what one locks only if it has changed.
    function _judgeAll(uint256 index) internal {
        uint256[TOKENS] memory owed = _onAccounts();
        for (uint256 i = 0; i < _agreements(); i++) {
            bytes memory answer = _view(i);
            bytes32 seen = keccak256(answer);
            if (seen != _seen[i]) {
                _breaks(i != index && _seen[i] != 0, "INV-ISOLATION");
                _seen[i] = seen;
                _lockedIn[i] = _lockedBy(answer);
            }
            owed[tokenOf(i)] += _lockedIn[i];
        }
        for (uint256 t = 0; t < TOKENS; t++) _breaks(_held(t) < owed[t], "INV-SOLVENCY");
    }

    /// @dev What an agreement with this view holds of its token.
    function _lockedBy(bytes memory answer) internal pure virtual returns (uint256);

    /// @dev What is on accounts over several agreements, by token; none in most protocols.
    function _onAccounts() internal view virtual returns (uint256[TOKENS] memory owed) {}

    /// @dev A new agreement takes the place of one that is over.
    function _forget(uint256 index) internal {
        bytes memory answer = _view(index);
        _seen[index] = keccak256(answer);
        _lockedIn[index] = _lockedBy(answer);
    }

    // ----------------------------------------------------------------------------------- calls

    /// @dev The token tries the same call from inside each movement.
    function _arm(ReentrantToken token, bytes memory data) private {
        bytes[] memory calls = new bytes[](1);
        calls[0] = data;
        token.arm(subject, calls);
    }

    /// @dev Makes the call, and tells in it whether it was accepted and what it moved.
    function _act(bytes32 action, Call memory c, bytes memory data) internal returns (bool) {
        uint256 token = tokenOf(c.index);
        if (token == REENTRANT) _arm(ReentrantToken(address(_tokens[token])), data);
        vm.prank(_actors[c.by], _actors[c.by]);
        (c.ok,) = subject.call(data);
        if (!c.ok) return false;
        acceptedCount[action]++;
        c.moved = _movedOf(token);
        for (uint256 t = 0; t < TOKENS; t++) {
            if (t == token) continue;
            uint256 held = _tokens[t].balanceOf(subject);
            _breaks(held != _balances[t][_actors.length + 1], "INV-ISOLATION");
        }
        return true;
    }

    /// @dev An approval is a call of the token, which accepts all of them.
    function _approve(uint256 token, uint256 actor, uint256 units) internal {
        vm.prank(_actors[actor]);
        _tokens[token].approve(subject, units);
        acceptedCount["approve"]++;
    }

    /// @dev What the contract answers, as it is.
    function _read(bytes memory data) internal view returns (bytes memory answer) {
        (, answer) = subject.staticcall(data);
    }

    function _movedOf(uint256 token) private returns (int256[] memory moved) {
        uint256[] storage were = _balances[token];
        uint256 holders = were.length;
        moved = new int256[](holders);
        int256 sum;
        for (uint256 h = 0; h < holders; h++) {
            uint256 was = were[h];
            uint256 has = _tokens[token].balanceOf(_holder(h));
            if (has == was) continue;
            were[h] = has;
            moved[h] = int256(has) - int256(was);
            sum += moved[h];
        }
        _breaks(sum != 0, "INV-CONSERVATION");
    }

    function _holder(uint256 h) private view returns (address) {
        if (h < _actors.length) return _actors[h];
        return h == _actors.length ? ELSEWHERE : subject;
    }

    /// @dev What the contract took in; 0 when it paid.
    function _taken(Call memory c) internal pure returns (uint256) {
        int256 units = c.moved[c.moved.length - 1];
        return units > 0 ? uint256(units) : 0;
    }

    /// @dev What the contract paid out in all; 0 when it took.
    function _paid(Call memory c) internal pure returns (uint256) {
        int256 units = c.moved[c.moved.length - 1];
        return units < 0 ? uint256(-units) : 0;
    }

    function _received(Call memory c, uint256 holder) internal pure returns (uint256) {
        return c.moved[holder] > 0 ? uint256(c.moved[holder]) : 0;
    }

    function _receivedBy(Call memory c, address who) internal view returns (uint256) {
        if (who == ELSEWHERE) return _received(c, _actors.length);
        uint256 actor = _actorOf(who);
        return actor < _actors.length ? _received(c, actor) : 0;
    }

    function _held(uint256 token) internal view returns (uint256) {
        return _balances[token][_actors.length + 1];
    }

    // ----------------------------------------------------------------------------------- draws

    /// @dev The agreement of the call before, or any: what belongs together often comes together.
    function _pick(uint256 drawn) internal returns (uint256) {
        if (drawn % 3 != 0) _last = (drawn / 3) % _agreements();
        return _last;
    }

    /// @dev Mostly no time or a little, at times around the deadline that matters, seldom a day:
    /// there are many calls between two on one agreement.
    function _pass(uint256 wait, uint256 deadline) internal {
        uint256 how = wait % 32;
        uint256 to = block.timestamp;
        if (how < 5) to += (wait / 32) % 8;
        else if (how < 8) to += (wait / 32) % 150;
        else if (how < 12 && deadline > 0) to = deadline + ((wait / 32) % 3) - 1;
        else if (how == 31 && (wait / 32) % 8 == 0) to += 1 days;
        if (to > block.timestamp && to <= LATEST) vm.warp(to);
    }

    /// @dev Mostly the one who may, at times anybody.
    function _callBy(
        uint256 index,
        uint256 by,
        uint256 preferred
    ) internal view returns (Call memory c) {
        c.index = index;
        c.by = by % 5 == 4 ? (by / 5) % _actors.length : preferred;
    }

    /// @dev Mostly somebody else, at times the caller, the contract, or nobody. Never another
    /// party: the books take what it gets for its own.
    function _recipient(uint256 to, address caller) internal view returns (address) {
        uint256 how = to % 8;
        if (how < 4) return ELSEWHERE;
        if (how < 6) return caller;
        return how == 6 ? subject : address(0);
    }

    function _addressOf(uint256 actor) internal pure returns (address) {
        return vm.addr(actor + 1);
    }

    function _actorOf(address who) internal view returns (uint256) {
        for (uint256 a = 0; a < _actors.length; a++) if (_actors[a] == who) return a;
        return type(uint256).max;
    }

    function _signed(uint256 actor, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(actor + 1, digest);
        return abi.encodePacked(r, s, v);
    }

    function _least(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
