// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title NeverResumes
/// @notice BROKEN ON PURPOSE. A payment is credited, and the download goes on waiting for it.
/// @dev Imitates: orders that are paid and never released. Caught by INV-PAUSE with the first
/// payment.
contract NeverResumes is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _credit(Download storage d) internal override {
        super._credit(d);
        d.status = Status.WaitingForPayment;
    }
}
