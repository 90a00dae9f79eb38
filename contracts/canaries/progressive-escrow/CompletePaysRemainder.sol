// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title CompletePaysRemainder
/// @notice BROKEN ON PURPOSE. A completion pays the mentor all that is left, however little was
/// delivered.
/// @dev Imitates: progressive escrows whose last step is "release the rest"; a session of a minute
/// costs an hour. Caught by INV-MONEY-FOLLOWS-TIME.
contract CompletePaysRemainder is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _finalShares(
        Session storage s
    ) internal view override returns (uint256 gross, uint256 refund) {
        return (s.totalAmount - s.released, 0);
    }
}
