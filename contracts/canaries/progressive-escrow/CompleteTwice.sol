// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title CompleteTwice
/// @notice BROKEN ON PURPOSE. A completed session can be completed again, and refunds again.
/// @dev Imitates: payouts whose guard tests for the states of the past and forgets the last one.
/// Caught by INV-SETTLE-ONCE.
contract CompleteTwice is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _requireRunning(Session storage s) internal view override {
        if (s.status != Status.Completed) super._requireRunning(s);
    }
}
