// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title RefundOfTotal
/// @notice BROKEN ON PURPOSE. After the tutor has been paid, the student gets back the whole
/// deposit instead of what is left of it.
/// @dev Imitates: escrows that compute the payout and the refund from the same total. Caught by
/// INV-CONSERVATION.
contract RefundOfTotal is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _refundOf(Session storage s, uint256) internal view override returns (uint256) {
        return s.deposit;
    }
}
