// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title RetryRefused
/// @notice BROKEN ON PURPOSE. A payment that has failed cannot be tried again.
/// @dev Imitates: error states that were drawn without an arrow out of them. Caught by INV-RETRY
/// with a payment that fails and is tried again.
contract RetryRefused is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _retry(bytes32, Download storage, uint32, uint128) internal pure override {
        revert NoRetry();
    }
}
