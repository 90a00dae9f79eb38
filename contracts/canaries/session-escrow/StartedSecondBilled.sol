// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title StartedSecondBilled
/// @notice BROKEN ON PURPOSE. Bills both ends of the interval: the second that has only begun
/// counts as served.
/// @dev Imitates: fence-post errors and rounding up in the payer's disfavour. Caught by
/// INV-NO-OVERPAY; a session stopped in the second of its start already shows it.
contract StartedSecondBilled is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _secondsBilled(
        Session storage s,
        uint256 until
    ) internal view override returns (uint64) {
        return uint64(Math.min(until - s.startedAt + 1, _affordableSeconds(s)));
    }
}
