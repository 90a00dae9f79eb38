// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title FailureWithoutExit
/// @notice BROKEN ON PURPOSE. A download whose payment has failed cannot be left.
/// @dev Imitates: exits that were wired into the everyday states only. Caught by INV-EXIT with a
/// downloader that cannot pay.
contract FailureWithoutExit is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireCancellable(Download storage d) internal view override {
        if (d.status != Status.Serving && d.status != Status.WaitingForPayment) {
            revert NotCancellable(d.status);
        }
    }
}
