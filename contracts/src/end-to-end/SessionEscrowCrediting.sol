// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {SessionEscrowQuoted} from "../matchmaking/SessionEscrowQuoted.sol";
import {IWithdrawal} from "../withdrawal/IWithdrawal.sol";

/// @title SessionEscrowCrediting
/// @notice The quoted session escrow in front of a withdrawal contract: what a tutor has earned is
/// not sent to the tutor but credited to it there, in the transaction that settles the session.
/// @dev The escrow is the platform of that withdrawal contract, which is deployed with its address;
/// each names the other, so whoever deploys them computes the second address beforehand. Fee and
/// refund are pushed as before. Between the deposit and the bank no account of a person holds the
/// money of a tutor.
///
/// A share that could not be credited (a caller can supply too little gas) stays owed as a deferred
/// share does. Its owner cannot have it sent elsewhere, or a tutor could go around the commission;
/// anybody can have it credited.
contract SessionEscrowCrediting is SessionEscrowQuoted {
    using SafeERC20 for IERC20;

    /// @notice A share that could not be credited at the settlement has been credited.
    event CreditedAgain(bytes32 indexed sessionId, uint256 amount);

    /// @notice Thrown at deployment without a withdrawal contract.
    error InvalidWithdrawal();
    /// @notice Thrown when somebody else than this contract makes it pay in.
    error OnlySelf(address caller);

    /// @notice Where tutors' shares are credited.
    IWithdrawal public immutable withdrawal;

    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_,
        address matchmaking_,
        address withdrawal_
    ) SessionEscrowQuoted(deployment, evidenceWindowSeconds_, matchmaking_) {
        if (withdrawal_ == address(0)) revert InvalidWithdrawal();
        withdrawal = IWithdrawal(withdrawal_);
    }

    /// @notice Credits a tutor's share that could not be credited when the session was settled.
    /// Anybody may ask for it.
    function creditAgain(bytes32 id) external virtual nonReentrant {
        Session storage s = _sessions[id];
        uint128 amount = s.claimTutor;
        if (amount == 0) revert NothingToClaim(s.tutor);
        s.claimTutor = 0;
        s.status = _statusAfterPayout(s);
        emit CreditedAgain(id, amount);
        _credit(s.tutor, s.token, amount);
    }

    /// @notice Sends the commission that the withdrawal contract has kept of all credits to the
    /// recipient of the fee. Anybody may ask for it.
    function passCommission(address token) external virtual nonReentrant {
        withdrawal.withdrawCommission(token, feeRecipient);
    }

    /// @notice Pays a tutor's share in; this contract calls itself, so that all of it can fail.
    function payIn(address tutor, address token, uint128 amount) external virtual {
        if (msg.sender != address(this)) revert OnlySelf(msg.sender);
        _credit(tutor, token, amount);
    }

    /// @dev The tutor's share goes to its account; everybody else is paid as before.
    function _pushOrDefer(
        bytes32 id,
        Session storage s,
        address owner,
        uint256 amount
    ) internal virtual override returns (uint128 deferred) {
        if (owner != s.tutor || amount == 0) return super._pushOrDefer(id, s, owner, amount);
        uint128 share = SafeCast.toUint128(amount);
        try this.payIn(owner, s.token, share) {
            return 0;
        } catch {
            emit PaymentDeferred(id, owner, amount);
            return share;
        }
    }

    /// @dev A tutor's deferred share is not taken: see `creditAgain`.
    function _takeClaims(
        Session storage s,
        address owner
    ) internal virtual override returns (uint256 amount) {
        uint128 earned = s.claimTutor;
        amount = super._takeClaims(s, owner);
        if (owner != s.tutor) return amount;
        s.claimTutor = earned;
        return amount - earned;
    }

    /// @dev The allowance is what is paid in, so that none is left.
    function _credit(address tutor, address token, uint128 amount) internal virtual {
        IERC20(token).forceApprove(address(withdrawal), amount);
        withdrawal.credit(tutor, token, amount);
    }
}
