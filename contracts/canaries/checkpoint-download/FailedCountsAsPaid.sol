// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title FailedCountsAsPaid
/// @notice BROKEN ON PURPOSE. A payment whose tokens did not move is credited like any other.
/// @dev Imitates: the return value of transferFrom that nobody looks at. Caught by INV-CONSERVATION
/// with a downloader that cannot pay.
contract FailedCountsAsPaid is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _tryPull(
        IERC20 token,
        address from,
        uint256 amount
    ) internal override returns (bool) {
        super._tryPull(token, from, amount);
        return true;
    }
}
