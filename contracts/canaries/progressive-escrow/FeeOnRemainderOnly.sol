// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title FeeOnRemainderOnly
/// @notice BROKEN ON PURPOSE. Takes the fee of what is left at the completion only, as if releases
/// were free.
/// @dev Imitates: the fee computed where the old single payout was, after progressive releases had
/// been added; a platform earns 1 % where it agreed on 10 %. Caught by INV-FEE-EXACT after a
/// release or an emergency release.
contract FeeOnRemainderOnly is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _feeOfRelease(Session storage, uint256) internal pure override returns (uint256) {
        return 0;
    }

    function _feeOfCompletion(
        Session storage,
        uint256 gross
    ) internal view override returns (uint256) {
        return _feeOf(gross);
    }
}
