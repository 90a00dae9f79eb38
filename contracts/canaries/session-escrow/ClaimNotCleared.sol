// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title ClaimNotCleared
/// @notice BROKEN ON PURPOSE. A deferred payment is paid but stays on the books.
/// @dev Imitates: withdrawals that pay a balance without setting it to zero. Caught by
/// INV-SOLVENCY: a refund that was refused by the token, then claimed, is still a liability with
/// nothing behind it.
contract ClaimNotCleared is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _takeClaims(
        Session storage s,
        address owner
    ) internal view override returns (uint256 amount) {
        if (owner == s.student) amount += s.claimStudent;
        if (owner == s.tutor) amount += s.claimTutor;
        if (owner == feeRecipient) amount += s.claimPlatform;
    }
}
