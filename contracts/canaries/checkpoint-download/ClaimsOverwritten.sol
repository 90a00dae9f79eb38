// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title ClaimsOverwritten
/// @notice BROKEN ON PURPOSE. A second payment that cannot be pushed replaces the first one on the
/// books.
/// @dev Imitates: an assignment where an addition was meant. Caught by INV-CONSERVATION with two
/// payments in a token that refuses the seeders.
contract ClaimsOverwritten is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _paySeeder(
        bytes32 id,
        Download storage d,
        uint256 seeder,
        uint128 share
    ) internal override {
        uint128 deferred = _pushOrDefer(id, d, d.seeders[seeder], share);
        if (deferred > 0) d.claims[seeder] = deferred;
    }
}
