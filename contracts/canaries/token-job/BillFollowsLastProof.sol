// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title BillFollowsLastProof
/// @notice BROKEN ON PURPOSE. An older proof is as good as a newer one, and lowers the bill; what
/// was credited stays with the host.
/// @dev Imitates: overtaken messages that overwrite newer state. Caught by INV-PROOF-MONOTONE with
/// a proof below the last, or of nothing.
contract BillFollowsLastProof is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _requireNewer(Job storage, uint128) internal pure override {}

    function _accept(bytes32 id, Job storage j, uint128 cumulativeTokens) internal override {
        if (cumulativeTokens > j.provenTokens) return super._accept(id, j, cumulativeTokens);
        j.provenTokens = cumulativeTokens;
        j.billedTokens = _billable(j, cumulativeTokens);
        emit ProofAccepted(id, cumulativeTokens, j.billedTokens, 0, 0);
    }
}
