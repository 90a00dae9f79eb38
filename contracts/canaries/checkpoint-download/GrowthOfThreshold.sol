// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title GrowthOfThreshold
/// @notice BROKEN ON PURPOSE. Multiplies the threshold by the growth instead of the segment.
/// @dev Imitates: schedules in which totals and steps are mixed up. Caught by INV-SCHEDULE with the
/// first payment in mode Exponential.
contract GrowthOfThreshold is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _nextThreshold(
        Download storage d,
        uint64 segment
    ) internal view override returns (uint128) {
        if (d.mode == Mode.Constant) return super._nextThreshold(d, segment);
        return uint128((uint256(d.threshold) * d.growthBps) / BPS);
    }
}
