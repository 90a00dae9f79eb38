// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title DebitedByReport
/// @notice BROKEN ON PURPOSE. A report that reaches a checkpoint takes what is due at once.
/// @dev Imitates: direct debits that a delivery triggers and nobody approves. Caught by INV-DEBIT
/// with a report that reaches the checkpoint.
contract DebitedByReport is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _progressed(bytes32 id, Download storage d, uint8 seeder) internal override {
        super._progressed(id, d, seeder);
        if (d.status == Status.WaitingForPayment) _payDue(id, d, d.checkpoint, d.due);
    }
}
