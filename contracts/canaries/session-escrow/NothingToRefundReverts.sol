// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title NothingToRefundReverts
/// @notice BROKEN ON PURPOSE. Insists on a refund: a session that used its deposit up to the last
/// unit can never be settled.
/// @dev Imitates: a "zero amount" check in a shared payout helper that makes a legal end of the
/// session unreachable and locks the payee's money. Caught by INV-SETTLE-TOTAL at the cap.
contract NothingToRefundReverts is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _refundOf(Session storage s, uint256 owed) internal view override returns (uint256) {
        if (owed == s.deposit) revert ZeroAmount();
        return s.deposit - owed;
    }
}
