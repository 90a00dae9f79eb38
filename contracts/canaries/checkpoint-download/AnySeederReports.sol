// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title AnySeederReports
/// @notice BROKEN ON PURPOSE. Any seeder of the download can report for each of the others.
/// @dev Imitates: checks for membership where a particular member is meant. Caught by INV-METER
/// with a report for another seeder.
contract AnySeederReports is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireReporter(Download storage d, uint8) internal view override {
        if (!_isSeeder(d, msg.sender)) revert NotSeeder(msg.sender);
    }
}
