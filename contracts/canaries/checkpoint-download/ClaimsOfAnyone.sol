// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title ClaimsOfAnyone
/// @notice BROKEN ON PURPOSE. Whoever asks first gets all deferred payments, at an address of his
/// choice.
/// @dev Imitates: withdrawals that check the amount owed but not to whom. Caught by
/// INV-STRANGER-HARMLESS with a token that refuses a recipient.
contract ClaimsOfAnyone is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _takeClaim(Download storage d) internal override returns (uint256 amount) {
        amount = d.claimDownloader;
        d.claimDownloader = 0;
        for (uint256 i = 0; i < d.seederCount; i++) {
            amount += d.claims[i];
            d.claims[i] = 0;
        }
    }
}
