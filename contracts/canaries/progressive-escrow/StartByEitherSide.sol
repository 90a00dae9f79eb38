// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title StartByEitherSide
/// @notice BROKEN ON PURPOSE. Either party alone starts the clock.
/// @dev Imitates: the start of the escrow as it was described, by which a mentor bills a student
/// who never came. Caught by INV-CONSENT.
contract StartByEitherSide is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _mayStart(Session storage) internal view override returns (bool) {
        return true;
    }
}
