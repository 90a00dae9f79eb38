// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title SegmentNotBytes
/// @notice BROKEN ON PURPOSE. A seeder that went beyond a checkpoint is paid for the segment alone.
/// @dev Imitates: bills of the nominal quantity where more was delivered. Caught by INV-SHARE-EXACT
/// with a report beyond the threshold, and its payment.
contract SegmentNotBytes is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _unpaidShare(
        Download storage d,
        uint256 seeder
    ) internal view override returns (uint128) {
        uint128 most = d.mode == Mode.Upfront ? type(uint128).max : _priceOf(d, d.segment);
        return uint128(Math.min(super._unpaidShare(d, seeder), most));
    }
}
