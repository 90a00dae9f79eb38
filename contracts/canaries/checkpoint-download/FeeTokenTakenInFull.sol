// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title FeeTokenTakenInFull
/// @notice BROKEN ON PURPOSE. Credits the amount that was asked for, whatever arrived.
/// @dev Imitates: deposits of fee-on-transfer tokens that were taken at face value and came up
/// short by the fee. Caught by INV-CONSERVATION with the first payment in such a token.
contract FeeTokenTakenInFull is CheckpointDownloadHardened {
    using SafeERC20 for IERC20;

    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _tryPull(
        IERC20 token,
        address from,
        uint256 amount
    ) internal override returns (bool) {
        return token.trySafeTransferFrom(from, address(this), amount);
    }
}
