// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title AmountUnchecked
/// @notice BROKEN ON PURPOSE. Any amount is taken for what is due; the seeders are paid in full out
/// of what others have locked.
/// @dev Imitates: callbacks of payment providers that tell the order number and are not asked for
/// the amount. Caught by INV-SOLVENCY with a payment of less than is due.
contract AmountUnchecked is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireDue(Download storage d, uint32 checkpoint, uint128) internal view override {
        if (checkpoint != d.checkpoint) revert WrongCheckpoint(checkpoint, d.checkpoint);
    }
}
