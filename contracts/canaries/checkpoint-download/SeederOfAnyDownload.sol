// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title SeederOfAnyDownload
/// @notice BROKEN ON PURPOSE. Whoever seeds any download can report in every other.
/// @dev Imitates: roles that are granted once for the contract where they belong to one agreement.
/// Caught by INV-STRANGER-HARMLESS with a report by a seeder of another download.
contract SeederOfAnyDownload is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    mapping(address => bool) private _seeds;

    function _store(Download storage d, Terms calldata terms) internal override {
        super._store(d, terms);
        for (uint256 i = 0; i < terms.seeders.length; i++) _seeds[terms.seeders[i]] = true;
    }

    function _requireReporter(Download storage, uint8) internal view override {
        if (!_seeds[msg.sender]) revert NotSeeder(msg.sender);
    }
}
