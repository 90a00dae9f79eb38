// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title ProofsAddUp
/// @notice BROKEN ON PURPOSE. Bills every proof on top of those before, although the numbers that
/// are proven are cumulative.
/// @dev Imitates: totals that were read as increments, so that everything was paid for again with
/// each report. Caught by INV-RECEIPTED with two proofs.
contract ProofsAddUp is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _billable(
        Job storage j,
        uint128 cumulativeTokens
    ) internal view override returns (uint128) {
        uint128 left = _affordableTokens(j) - j.billedTokens;
        return j.billedTokens + (cumulativeTokens < left ? cumulativeTokens : left);
    }
}
