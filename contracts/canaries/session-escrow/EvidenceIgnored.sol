// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowHardened} from "../../src/session-escrow/SessionEscrowHardened.sol";

/// @title EvidenceIgnored
/// @notice BROKEN ON PURPOSE. Checks the pings and then bills to the block of the stop all the
/// same.
/// @dev Imitates: proofs that are verified but not used. It is the leakage that the hardened policy
/// exists to prevent. Caught by INV-NO-OVERPAY.
contract EvidenceIgnored is SessionEscrowHardened {
    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_
    ) SessionEscrowHardened(deployment, evidenceWindowSeconds_) {}

    function _evidenceAt(
        bytes32 id,
        Session storage s,
        Ping calldata studentPing,
        Ping calldata tutorPing
    ) internal view override returns (uint256) {
        super._evidenceAt(id, s, studentPing, tutorPing);
        return type(uint256).max;
    }
}
