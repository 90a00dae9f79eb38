// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title ProofAcceptedTwice
/// @notice BROKEN ON PURPOSE. Accepts the newest proof a second time, and a first one of nothing.
/// @dev Imitates: messages that can be replayed since equal numbers pass as newer ones. Caught by
/// INV-PROOF-MONOTONE with a proof that adds nothing.
contract ProofAcceptedTwice is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _requireNewer(Job storage j, uint128 cumulativeTokens) internal view override {
        if (cumulativeTokens < j.provenTokens) {
            revert StaleProof(cumulativeTokens, j.provenTokens);
        }
    }
}
