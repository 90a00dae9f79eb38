// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title FirstSeederPaidForAll
/// @notice BROKEN ON PURPOSE. The first seeder of the terms gets what all of them have earned.
/// @dev Imitates: splits that were written while there was only one recipient. Caught by
/// INV-PAY-FOR-DELIVERED with two seeders of which the second delivers.
contract FirstSeederPaidForAll is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _unpaidShares(
        Download storage d
    ) internal view override returns (uint128[SEEDERS_MAX] memory shares) {
        uint256 paid;
        for (uint256 i = 0; i < d.seederCount; i++) paid += d.paid[i];
        uint256 earned;
        for (uint256 i = 0; i < d.seederCount; i++) earned += _priceOf(d, d.delivered[i]);
        shares[0] = uint128(earned - paid);
    }
}
