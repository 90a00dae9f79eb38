// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title DeliveredCanFall
/// @notice BROKEN ON PURPOSE. A later report may bring less than an earlier one.
/// @dev Imitates: meters that take every reading for a correction. Caught by INV-PROGRESS with a
/// report of less.
contract DeliveredCanFall is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireNewer(
        Download storage d,
        uint8 seeder,
        uint64 deliveredBytes
    ) internal view override {
        uint64 before = d.delivered[seeder];
        if (deliveredBytes == before) revert StaleProgress(deliveredBytes, before);
    }
}
