// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title MegabytePrice
/// @notice BROKEN ON PURPOSE. Prices bytes by the MB of 10^6 bytes, where the terms say MiB.
/// @dev Imitates: two units that sound alike and differ by 4.86 percent, as between a shop and its
/// meter. Caught by INV-PAY-FOR-DELIVERED with the first payment.
contract MegabytePrice is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _priceOf(
        Download storage d,
        uint256 bytes_
    ) internal view override returns (uint128) {
        return uint128((bytes_ * d.pricePerMebibyte) / 1_000_000);
    }
}
