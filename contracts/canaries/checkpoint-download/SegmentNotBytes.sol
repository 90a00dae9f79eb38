// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title SegmentNotBytes
/// @notice BROKEN ON PURPOSE. A single seeder is paid for the whole segment, whatever it has
/// delivered of it or beyond.
/// @dev Imitates: bills of the nominal quantity where more or less was delivered. Caught by
/// INV-SHARE-EXACT with a payment for a file that is smaller than a segment.
contract SegmentNotBytes is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _unpaidShare(
        Download storage d,
        uint256 seeder
    ) internal view override returns (uint128) {
        if (d.seederCount > 1 || d.mode == Mode.Upfront) return super._unpaidShare(d, seeder);
        return _priceOf(d, d.segment);
    }
}
