// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title StrangerClaimsShares
/// @notice BROKEN ON PURPOSE. Whoever asks first gets the deferred shares, at an address of his
/// choice.
/// @dev Imitates: withdrawals that check the amount owed but not to whom. Caught by
/// INV-STRANGER-HARMLESS with a token that refuses a recipient.
contract StrangerClaimsShares is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _takeClaims(
        Session storage s,
        address
    ) internal override returns (uint256 amount) {
        amount = uint256(s.claimStudent) + s.claimTutor + s.claimPlatform;
        s.claimStudent = 0;
        s.claimTutor = 0;
        s.claimPlatform = 0;
    }
}
