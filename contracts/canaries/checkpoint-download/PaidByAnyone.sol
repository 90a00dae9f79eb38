// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title PaidByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can make the downloader pay what is due.
/// @dev Imitates: an allowance that is taken for consent to every call. Caught by INV-DEBIT with a
/// payment by somebody else.
contract PaidByAnyone is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireDownloader(Download storage) internal pure override {}
}
