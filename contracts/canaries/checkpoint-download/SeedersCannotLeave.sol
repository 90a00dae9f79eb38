// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title SeedersCannotLeave
/// @notice BROKEN ON PURPOSE. Only the downloader can cancel or complete.
/// @dev Imitates: exits that depend on the goodwill of the other side. Caught by INV-EXIT with a
/// seeder that waits for a payment.
contract SeedersCannotLeave is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireParty(Download storage d) internal view override {
        if (msg.sender != d.downloader) revert NotParty(msg.sender);
    }
}
