// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title StartByOneParty
/// @notice BROKEN ON PURPOSE. Either party alone starts the session and with it the bill.
/// @dev Imitates: progressive escrows whose start needs *a* participant, so that a mentor bills a
/// student who never came. Caught by INV-CONSENT.
contract StartByOneParty is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _mayStart(Session storage s) internal view override returns (bool) {
        return s.studentJoined || s.tutorJoined;
    }
}
