// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title LockPaidInFull
/// @notice BROKEN ON PURPOSE. Each report in mode Upfront pays all that a seeder has earned, and
/// not what is new.
/// @dev Imitates: cumulative numbers that are read as increments. Caught by INV-PAY-FOR-DELIVERED
/// with two reports in mode Upfront.
contract LockPaidInFull is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _payFromLock(bytes32 id, Download storage d, uint256 seeder) internal override {
        uint128 share = uint128(Math.min(_priceOf(d, d.delivered[seeder]), d.locked));
        d.paid[seeder] += share;
        d.locked -= share;
        _paySeeder(id, d, seeder, share);
    }
}
