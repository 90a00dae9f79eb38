// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title AffordableRoundedUp
/// @notice BROKEN ON PURPOSE. A deposit that buys 3.5 seconds is said to buy 4.
/// @dev Imitates: entitlements rounded in the receiver's favour. Nothing else was changed, so at
/// the cap more is owed than was deposited and the refund underflows: nobody can settle the session
/// any more. Caught by INV-SETTLE-TOTAL.
contract AffordableRoundedUp is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _affordableSeconds(Session storage s) internal view override returns (uint256) {
        return Math.ceilDiv(s.deposit, s.ratePerSecond);
    }
}
