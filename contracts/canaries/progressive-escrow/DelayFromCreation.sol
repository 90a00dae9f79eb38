// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title DelayFromCreation
/// @notice BROKEN ON PURPOSE. The delay after which anyone may complete runs from the creation
/// instead of the end.
/// @dev Imitates: escrows whose deadline was set when the money came in, so that a lesson booked a
/// week ahead is paid out while it runs. Caught by INV-AUTO-COMPLETE.
contract DelayFromCreation is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _autoCompleteFrom(Session storage s) internal view override returns (uint256) {
        return uint256(s.createdAt) + autoReleaseDelay;
    }
}
