// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title RefundSweepsBalance
/// @notice BROKEN ON PURPOSE. Refunds whatever the contract holds of the token, as if there were
/// only one session.
/// @dev Imitates: escrows written for one deal, paying out `balanceOf(address(this))`, and then
/// used for many. Caught by INV-SOLVENCY with two sessions in one token.
contract RefundSweepsBalance is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _pushOrDefer(
        bytes32 id,
        Session storage s,
        address owner,
        uint256 amount
    ) internal override returns (uint128) {
        bool isRefund = owner == s.student && amount > 0;
        uint256 all = IERC20(s.token).balanceOf(address(this));
        return super._pushOrDefer(id, s, owner, isRefund ? all : amount);
    }
}
