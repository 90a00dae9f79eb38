// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title TokenMover
/// @notice How an escrow moves tokens that it does not trust: deposits are taken exactly or not at
/// all, and a payment that the token refuses is reported instead of taking the call down.
/// @dev Amounts are base units of the token in question. Nothing here guards against re-entrancy:
/// the callers change their state first and are guarded besides.
///
/// Known limit: a payment forwards all but 1/64 of the gas that is left, so a caller who supplies
/// too little can make it fail. That costs nobody money as long as what was not paid stays owed.
abstract contract TokenMover {
    using SafeERC20 for IERC20;

    /// @notice Thrown when the token does not transfer the payer's `amount` base units: it
    /// reverts, returns false, has no code, or allowance or balance are short.
    error DepositFailed(address token, uint256 amount);
    /// @notice Thrown when the escrow received something else than what was asked (base units).
    error DepositShort(uint256 asked, uint256 received);

    /// @dev Takes exactly `amount` base units from `from`, or reverts. An agreement must be
    /// credited with what arrived, so a token that delivers anything else is refused.
    function _pull(IERC20 token, address from, uint256 amount) internal virtual {
        if (!_tryPull(token, from, amount)) revert DepositFailed(address(token), amount);
    }

    /// @dev As `_pull`, but reports it when the token does not move at all.
    /// @return moved Whether exactly `amount` arrived; nothing did otherwise.
    function _tryPull(
        IERC20 token,
        address from,
        uint256 amount
    ) internal virtual returns (bool moved) {
        (bool known, uint256 balanceBefore) = _tryBalance(token);
        if (!known || !token.trySafeTransferFrom(from, address(this), amount)) return false;
        (, uint256 balanceAfter) = _tryBalance(token);
        uint256 received = Math.saturatingSub(balanceAfter, balanceBefore);
        if (received != amount) revert DepositShort(amount, received);
        return true;
    }

    /// @dev Pays `amount` base units to `to`. Never reverts because of token or recipient.
    /// @return paid Whether the token says that it did.
    function _tryPay(
        IERC20 token,
        address to,
        uint256 amount
    ) internal virtual returns (bool paid) {
        return token.trySafeTransfer(to, amount);
    }

    /// @dev What the escrow holds, in base units, where a plain `balanceOf` would revert on an
    /// address without code.
    function _tryBalance(IERC20 token) internal view returns (bool known, uint256 balance) {
        (bool ok, bytes memory data) =
            address(token).staticcall(abi.encodeCall(IERC20.balanceOf, (address(this))));
        if (!ok || data.length < 32) return (false, 0);
        return (true, abi.decode(data, (uint256)));
    }
}
