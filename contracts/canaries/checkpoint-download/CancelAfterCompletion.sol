// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title CancelAfterCompletion
/// @notice BROKEN ON PURPOSE. A download that is complete can still be cancelled.
/// @dev Imitates: checks that name the states that are forbidden, and forget one. Caught by
/// INV-SETTLE-ONCE with a cancellation after the completion.
contract CancelAfterCompletion is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireCancellable(Download storage d) internal view override {
        if (d.status == Status.None || d.status == Status.Cancelled) {
            revert NotCancellable(d.status);
        }
    }
}
