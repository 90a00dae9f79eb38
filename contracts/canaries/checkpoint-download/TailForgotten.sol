// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title TailForgotten
/// @notice BROKEN ON PURPOSE. The end of the file is no checkpoint, so what comes after the last
/// one is free.
/// @dev Imitates: loops over full periods that drop the started one at the end. Caught by
/// INV-WHOLE-PRICE with a file that is no whole number of segments.
contract TailForgotten is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _isCheckpoint(Download storage d) internal view override returns (bool) {
        return d.total >= d.threshold;
    }
}
