// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title ServedWhileWaiting
/// @notice BROKEN ON PURPOSE. Progress is taken while a payment is due.
/// @dev Imitates: a state that is set and not asked for. Caught by INV-PAUSE with two reports, of
/// which the first reaches the checkpoint.
contract ServedWhileWaiting is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireServing(Download storage d) internal view override {
        if (d.status != Status.WaitingForPayment) super._requireServing(d);
    }
}
