// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title RoundedPerPayment
/// @notice BROKEN ON PURPOSE. Prices what was delivered since the last payment, so that each
/// payment rounds down anew.
/// @dev Imitates: fees that are rounded at every step instead of once on the sum. Caught by
/// INV-SHARE-EXACT with one seeder and payments at odd numbers of bytes.
contract RoundedPerPayment is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _unpaidShare(
        Download storage d,
        uint256 seeder
    ) internal view override returns (uint128) {
        if (d.seederCount > 1 || d.mode == Mode.Upfront) return super._unpaidShare(d, seeder);
        return _priceOf(d, d.total - d.billed);
    }
}
