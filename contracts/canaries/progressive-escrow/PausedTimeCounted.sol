// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title PausedTimeCounted
/// @notice BROKEN ON PURPOSE. Pauses are recorded and then not taken off the time.
/// @dev Imitates: a figure that is written and never read. Caught by INV-MONEY-FOLLOWS-TIME after a
/// pause and a resumption.
contract PausedTimeCounted is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _effectiveSeconds(Session storage s) internal view override returns (uint256) {
        uint256 end = s.status == Status.Paused ? s.pausedAt : _until(s);
        return Math.min(_durationSeconds(s), end - s.startedAt);
    }
}
