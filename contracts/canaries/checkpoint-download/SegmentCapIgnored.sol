// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title SegmentCapIgnored
/// @notice BROKEN ON PURPOSE. Segments grow without limit.
/// @dev Imitates: limits that are parameters of a deployment and are never read. Caught by
/// INV-SEGMENT-CAP with a first segment beyond the limit.
contract SegmentCapIgnored is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _limited(uint256 segment) internal pure override returns (uint64) {
        return uint64(Math.min(segment, type(uint64).max));
    }
}
