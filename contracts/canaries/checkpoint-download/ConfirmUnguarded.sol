// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title ConfirmUnguarded
/// @notice BROKEN ON PURPOSE. A confirmation pays nobody, so nobody guarded it.
/// @dev Imitates: a guard on the functions that move tokens and on no other, so that a hook can
/// confirm a payment of which the seeders were not paid yet. Caught by INV-REENTRY with 3 actions:
/// open, report and pay over the re-entrant token.
contract ConfirmUnguarded is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function confirm(bytes32 id) external override {
        Download storage d = _downloads[id];
        _requireWaiting(d);
        if (!_isSeeder(d, msg.sender)) revert NotSeeder(msg.sender);
        if (d.pending == 0) revert NothingToConfirm();

        uint32 checkpoint = d.checkpoint;
        d.pending = 0;
        _credit(d);
        emit Confirmed(id, checkpoint);
    }
}
