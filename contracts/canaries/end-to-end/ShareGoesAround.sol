// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowCrediting} from "../../src/end-to-end/SessionEscrowCrediting.sol";
import {SessionEscrowBase} from "../../src/session-escrow/SessionEscrowBase.sol";

/// @title ShareGoesAround
/// @notice BROKEN ON PURPOSE. A tutor takes a share that could not be credited to where it likes.
/// @dev Imitates: a way out that was made for one case and is open in another, past the commission.
contract ShareGoesAround is SessionEscrowCrediting {
    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_,
        address matchmaking_,
        address withdrawal_
    ) SessionEscrowCrediting(deployment, evidenceWindowSeconds_, matchmaking_, withdrawal_) {}

    function _takeClaims(
        Session storage s,
        address owner
    ) internal override returns (uint256) {
        return SessionEscrowBase._takeClaims(s, owner);
    }
}
