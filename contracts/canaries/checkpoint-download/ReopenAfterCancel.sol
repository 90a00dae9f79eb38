// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title ReopenAfterCancel
/// @notice BROKEN ON PURPOSE. The id of a download that was cancelled can be used again.
/// @dev Imitates: ids that are free again once their state is over, while payments for them are
/// still around. Caught by INV-SINGLE-USE with open, cancel, open.
contract ReopenAfterCancel is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireUnused(bytes32 id, Download storage d) internal view override {
        if (d.status != Status.Cancelled) super._requireUnused(id, d);
    }
}
