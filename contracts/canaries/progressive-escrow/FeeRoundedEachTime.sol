// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title FeeRoundedEachTime
/// @notice BROKEN ON PURPOSE. Rounds the fee of each release by itself, so that the sum depends on
/// how often somebody asked.
/// @dev Imitates: percentages of parts instead of a percentage of the sum; whoever calls often
/// enough pays no fee at all. Caught by INV-FEE-EXACT when two parts leave dust.
contract FeeRoundedEachTime is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _feeOfRelease(
        Session storage,
        uint256 gross
    ) internal view override returns (uint256) {
        return _feeOf(gross);
    }
}
