// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title EmergencyUnbounded
/// @notice BROKEN ON PURPOSE. The owner can release more than a session holds.
/// @dev Imitates: administrators' rescue functions without a limit, by which one key moves the
/// money of all. Caught by INV-OWNER-BOUNDED.
contract EmergencyUnbounded is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _requireEmergencyBounded(Session storage, uint256) internal view override {}
}
