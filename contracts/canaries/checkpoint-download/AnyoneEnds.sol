// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title AnyoneEnds
/// @notice BROKEN ON PURPOSE. Anyone can complete or cancel a download.
/// @dev Imitates: a state change without a check of the caller. Caught by INV-STRANGER-HARMLESS
/// with a stranger's `cancel`.
contract AnyoneEnds is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireParty(Download storage) internal pure override {}
}
