// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title StrangerCancelsActive
/// @notice BROKEN ON PURPOSE. Anyone can cancel a session while it runs; the tutor's seconds are
/// void.
/// @dev Imitates: a lifecycle function without access control. Caught by INV-STRANGER-HARMLESS.
contract StrangerCancelsActive is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _requireCancellable(Session storage s) internal view override {
        if (s.status != Status.Active) super._requireCancellable(s);
    }
}
