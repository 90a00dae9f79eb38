// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title SettleTwice
/// @notice BROKEN ON PURPOSE. A session that has been paid out can be paid out again.
/// @dev Imitates: releases that check that an escrow exists and was stopped, but not that it was
/// paid, so that the second call spends other people's deposits. Caught by INV-SETTLE-ONCE.
contract SettleTwice is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _requireSettleable(Session storage s) internal view override {
        if (s.stoppedAt == 0) revert NotStopped(s.status);
    }
}
