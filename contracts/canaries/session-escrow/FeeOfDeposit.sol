// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title FeeOfDeposit
/// @notice BROKEN ON PURPOSE. The fee is a share of the deposit, not of what the tutor earned.
/// @dev Imitates: a platform fee taken from the remainder or from the total, which makes it depend
/// on how much was locked and on the order of calls. Caught by INV-FEE-EXACT, where there is a fee.
contract FeeOfDeposit is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _feeOf(Session storage s, uint256 owed) internal view override returns (uint256) {
        return Math.min(owed, (uint256(s.deposit) * feeBps) / BPS);
    }
}
