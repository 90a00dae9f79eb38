// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title CancelKeepsLock
/// @notice BROKEN ON PURPOSE. A cancellation refunds nothing of what was locked.
/// @dev Imitates: exits that end an agreement and forget the deposit. Caught by INV-CONSERVATION
/// with a cancellation in mode Upfront.
contract CancelKeepsLock is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _end(Download storage d, Status over) internal override returns (uint128 refund) {
        refund = super._end(d, over);
        if (over == Status.Cancelled) refund = 0;
    }
}
