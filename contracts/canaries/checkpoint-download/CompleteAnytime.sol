// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title CompleteAnytime
/// @notice BROKEN ON PURPOSE. A download can be completed before the whole file is delivered.
/// @dev Imitates: final states that are reached by a call and not by what they stand for. Caught by
/// INV-WHOLE-PRICE with a completion after the opening.
contract CompleteAnytime is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireWhole(Download storage) internal pure override {}
}
