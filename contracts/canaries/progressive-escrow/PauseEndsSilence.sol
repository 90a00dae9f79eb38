// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title PauseEndsSilence
/// @notice BROKEN ON PURPOSE. A pause and a resumption in one second count as no pause even after a
/// silence, so that together they are the heartbeat that would have been refused.
/// @dev Imitates: the first draft of the hardened contract itself, in which the rule against one
/// abuse of pauses made another. Caught by INV-MONEY-FOLLOWS-TIME: the older sign was the silent
/// party's, and its new one sells time up to the newest sign of the other.
contract PauseEndsSilence is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _pauseCalledAt(Session storage) internal view override returns (uint64) {
        return uint64(block.timestamp);
    }
}
