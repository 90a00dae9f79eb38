// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title OneMeterPerSeeder
/// @notice BROKEN ON PURPOSE. Keeps one meter for each seeder, over all its downloads.
/// @dev Imitates: state that belongs to an agreement but is keyed by its party. Caught by
/// INV-ISOLATION with two downloads that share a seeder.
contract OneMeterPerSeeder is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    mapping(address seeder => uint64) private _meters;

    function download(bytes32 id) external view override returns (Download memory copy) {
        copy = _downloads[id];
        for (uint256 i = 0; i < copy.seederCount; i++) copy.delivered[i] = _meters[copy.seeders[i]];
    }

    function _progressed(bytes32 id, Download storage d, uint8 seeder) internal override {
        _meters[d.seeders[seeder]] = d.delivered[seeder];
        super._progressed(id, d, seeder);
    }
}
