// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title ThresholdExclusive
/// @notice BROKEN ON PURPOSE. A checkpoint is reached one byte after its threshold.
/// @dev Imitates: "greater than" for "at least". Caught by INV-SCHEDULE with a report that ends at
/// the threshold exactly.
contract ThresholdExclusive is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _isCheckpoint(Download storage d) internal view override returns (bool) {
        return d.total > d.threshold || d.total == d.fileBytes;
    }
}
