// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowHardened} from "../../src/session-escrow/SessionEscrowHardened.sol";

/// @title StaleEvidenceAccepted
/// @notice BROKEN ON PURPOSE. Within the evidence window the *last* word counts, not the newest
/// evidence: old pings, or none, lower the bill again.
/// @dev Imitates: channels that accepted an older state in the dispute period. Caught by
/// INV-ENTITLEMENT-MONOTONE.
contract StaleEvidenceAccepted is SessionEscrowHardened {
    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_
    ) SessionEscrowHardened(deployment, evidenceWindowSeconds_) {}

    function _requireNewer(uint64, uint64) internal pure override {}
}
