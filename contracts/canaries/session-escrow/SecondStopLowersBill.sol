// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title SecondStopLowersBill
/// @notice BROKEN ON PURPOSE. A stopped session can be stopped again, and is then billed from the
/// first stop instead of from the start.
/// @dev Imitates: checkpoints that reset the meter without paying what it showed. Caught by
/// INV-ENTITLEMENT-MONOTONE.
contract SecondStopLowersBill is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _requireStoppable(Session storage s) internal view override {
        if (s.status != Status.Stopping) super._requireStoppable(s);
    }

    function _secondsBilled(
        Session storage s,
        uint256 until
    ) internal view override returns (uint64) {
        return uint64(Math.saturatingSub(until, Math.max(s.startedAt, s.stoppedAt)));
    }
}
