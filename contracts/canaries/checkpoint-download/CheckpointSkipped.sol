// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title CheckpointSkipped
/// @notice BROKEN ON PURPOSE. One report may go as far as it likes, over any number of checkpoints.
/// @dev Imitates: limits on each step that hold for a client that takes one step at a time. Caught
/// by INV-SEGMENT-CAP with a report of the whole file.
contract CheckpointSkipped is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireWithinReach(Download storage, uint256) internal pure override {}
}
