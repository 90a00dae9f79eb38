// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title CheckpointUnchecked
/// @notice BROKEN ON PURPOSE. A payment for any checkpoint is taken for the one that is due.
/// @dev Imitates: webhooks and transactions that are delivered twice and pay twice. Caught by
/// INV-PAID-ONCE with the first payment sent again at the second checkpoint.
contract CheckpointUnchecked is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireDue(Download storage d, uint32, uint128 amount) internal view override {
        if (amount != d.due) revert WrongAmount(amount, d.due);
    }
}
