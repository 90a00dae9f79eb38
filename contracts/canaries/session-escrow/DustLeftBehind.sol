// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title DustLeftBehind
/// @notice BROKEN ON PURPOSE. Refunds whole unused seconds only; what is left of a deposit that is
/// no multiple of the rate belongs to nobody and stays in the contract.
/// @dev Imitates: integer division whose remainder has no owner. Caught by INV-DUST, with a deposit
/// that is no multiple of the rate.
contract DustLeftBehind is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _refundOf(Session storage s, uint256) internal view override returns (uint256) {
        return (_affordableSeconds(s) - s.billedSeconds) * s.ratePerSecond;
    }
}
