// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title AskedNotReceived
/// @notice BROKEN ON PURPOSE. Credits the amount that was asked for, whatever arrived.
/// @dev Imitates: vaults and payment rails that took fee-on-transfer tokens at face value and were
/// short by the fee. Caught by INV-SOLVENCY with the first deposit of such a token.
contract AskedNotReceived is SessionEscrowAsDescribed {
    using SafeERC20 for IERC20;

    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _pull(IERC20 token, address from, uint256 amount) internal override {
        if (!token.trySafeTransferFrom(from, address(this), amount)) {
            revert DepositFailed(address(token), amount);
        }
    }
}
