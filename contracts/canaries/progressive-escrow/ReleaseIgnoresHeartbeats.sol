// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title ReleaseIgnoresHeartbeats
/// @notice BROKEN ON PURPOSE. Releases money to a session of which nothing is heard any more.
/// @dev Imitates: liveness that is monitored by a service, logged, and never asked about by the
/// contract. Caught by INV-NO-GHOST with a release after the grace.
contract ReleaseIgnoresHeartbeats is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _requireFreshForRelease(Session storage) internal view override {}
}
