// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title DustToNobody
/// @notice BROKEN ON PURPOSE. A completed download refunds nothing: what rounding has left is
/// dropped from the books.
/// @dev Imitates: remainders of a division that belong to nobody and stay in the contract for ever.
/// Caught by INV-DUST with two seeders in mode Upfront whose shares do not add up.
contract DustToNobody is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _end(Download storage d, Status over) internal override returns (uint128 refund) {
        refund = super._end(d, over);
        if (over == Status.Completed) refund = 0;
    }
}
