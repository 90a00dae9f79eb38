// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title UpfrontAmountUnchecked
/// @notice BROKEN ON PURPOSE. Any amount will do for the payment upfront.
/// @dev Imitates: deposits that are asked for in words and taken as they come. Caught by
/// INV-UPFRONT with a payment of less than the price.
contract UpfrontAmountUnchecked is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireDue(
        Download storage d,
        uint32 checkpoint,
        uint128 amount
    ) internal view override {
        super._requireDue(d, checkpoint, d.mode == Mode.Upfront ? d.due : amount);
    }
}
