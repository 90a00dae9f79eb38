// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title ThresholdFromTotal
/// @notice BROKEN ON PURPOSE. Counts the next threshold from the bytes at the time of the payment.
/// @dev Imitates: schedules that drift because each date is set from when the last one was kept.
/// Caught by INV-SCHEDULE with a report beyond the threshold, and its payment.
contract ThresholdFromTotal is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _nextThreshold(
        Download storage d,
        uint64 segment
    ) internal view override returns (uint128) {
        return uint128(d.total) + segment;
    }
}
