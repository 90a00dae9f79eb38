// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title PriceRoundedUp
/// @notice BROKEN ON PURPOSE. Rounds each seeder's share up to a whole base unit.
/// @dev Imitates: rounding in favour of the payee at many small places. Caught by INV-CAP with
/// bytes whose price is no whole number.
contract PriceRoundedUp is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _priceOf(
        Download storage d,
        uint256 bytes_
    ) internal view override returns (uint128) {
        return uint128(Math.ceilDiv(bytes_ * d.pricePerMebibyte, MEBIBYTE));
    }
}
