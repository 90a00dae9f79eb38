// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title ClaimPaysTwice
/// @notice BROKEN ON PURPOSE. A deferred share is paid and stays on the books.
/// @dev Imitates: withdrawals that pay a balance without setting it to zero. Caught by INV-SOLVENCY
/// with a refund that the token refused and the student then claimed.
contract ClaimPaysTwice is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _takeClaims(
        Session storage s,
        address party
    ) internal view override returns (uint256 amount) {
        if (party == s.student) amount += s.claimStudent;
        if (party == s.mentor) amount += s.claimMentor;
        if (party == feeRecipient) amount += s.claimPlatform;
    }
}
