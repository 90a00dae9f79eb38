// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title CapForgotten
/// @notice BROKEN ON PURPOSE. The bill runs past the deposit and nothing clamps it; only the refund
/// is kept from going negative.
/// @dev Imitates: streams whose withdrawable amount was not limited by what had been deposited, so
/// that the oldest receiver drew on the deposits of others. Caught by INV-CAP.
contract CapForgotten is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _billableUntil(Session storage) internal view override returns (uint256) {
        return block.timestamp;
    }

    function _refundOf(Session storage s, uint256 owed) internal view override returns (uint256) {
        return owed < s.deposit ? s.deposit - owed : 0;
    }
}
