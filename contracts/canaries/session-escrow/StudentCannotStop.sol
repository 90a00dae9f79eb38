// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title StudentCannotStop
/// @notice BROKEN ON PURPOSE. Only the tutor and the relayer can stop: a student whose counterpart
/// and relayer stay silent pays to the last second and waits for somebody else to end it.
/// @dev Imitates: agreements that one side cannot leave alone. Caught by INV-EXIT.
contract StudentCannotStop is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _requireMayStop(Session storage s) internal view override {
        if (msg.sender == s.student) revert NotParty(msg.sender);
        super._requireMayStop(s);
    }
}
