// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowCrediting} from "../../src/end-to-end/SessionEscrowCrediting.sol";
import {SessionEscrowBase} from "../../src/session-escrow/SessionEscrowBase.sol";

/// @title ShareToTutor
/// @notice BROKEN ON PURPOSE. A tutor's share is sent to the tutor, as before there were accounts.
/// @dev Imitates: an old path of payment that is left beside the new one, past the commission.
/// Caught by INV-E2E-EARNED at the settlement.
contract ShareToTutor is SessionEscrowCrediting {
    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_,
        address matchmaking_,
        address withdrawal_
    ) SessionEscrowCrediting(deployment, evidenceWindowSeconds_, matchmaking_, withdrawal_) {}

    function _pushOrDefer(
        bytes32 id,
        Session storage s,
        address owner,
        uint256 amount
    ) internal override returns (uint128) {
        return SessionEscrowBase._pushOrDefer(id, s, owner, amount);
    }
}
