// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title FeeVanishes
/// @notice BROKEN ON PURPOSE. The fee is taken off the mentor's share and paid to nobody.
/// @dev Imitates: books of one entry: a subtraction without the addition that belongs to it. Caught
/// by INV-CONSERVATION.
contract FeeVanishes is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _pushPlatform(bytes32, Session storage, uint256) internal override {}
}
