// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title LockStaysOnBooks
/// @notice BROKEN ON PURPOSE. What was locked is refunded and stays on the books.
/// @dev Imitates: refunds that are paid and not subtracted. Caught by INV-SOLVENCY with a
/// cancellation in mode Upfront.
contract LockStaysOnBooks is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _end(Download storage d, Status over) internal override returns (uint128 refund) {
        refund = super._end(d, over);
        d.locked = refund;
    }
}
