// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title UnpayableSeederBlocks
/// @notice BROKEN ON PURPOSE. A seeder that cannot be paid makes the payment of all fail.
/// @dev Imitates: splitters that a single blocked recipient has frozen. Caught by
/// INV-RECIPIENT-ISOLATION with a token that refuses the seeders.
contract UnpayableSeederBlocks is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _pushOrDefer(
        bytes32 id,
        Download storage d,
        address owner,
        uint128 amount
    ) internal override returns (uint128 deferred) {
        deferred = super._pushOrDefer(id, d, owner, amount);
        if (deferred > 0) revert ClaimFailed(owner, deferred);
    }
}
