// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title PricePerByte
/// @notice BROKEN ON PURPOSE. Rounds the price of a byte down, and multiplies then.
/// @dev Imitates: divisions before multiplications; a file of small change is free. Caught by
/// INV-WHOLE-PRICE with a price of less than a base unit for a byte.
contract PricePerByte is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _priceOf(
        Download storage d,
        uint256 bytes_
    ) internal view override returns (uint128) {
        return uint128(bytes_ * (d.pricePerMebibyte / MEBIBYTE));
    }
}
