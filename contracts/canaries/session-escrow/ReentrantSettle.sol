// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title ReentrantSettle
/// @notice BROKEN ON PURPOSE. Pays first, marks as paid afterwards, and has no guard: a token with
/// a hook can settle the same session again from inside its own transfer.
/// @dev Imitates: the oldest of all, state changed after the external call. The inner settlement
/// pays the tutor a second time, and what is left does not cover the refund that stays on the
/// books. Caught by INV-SOLVENCY, with the re-entrant token armed with `settle(id)`.
contract ReentrantSettle is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function settle(bytes32 id) external override {
        Session storage s = _sessions[id];
        _requireSettleable(s);
        (uint256 tutorAmount, uint256 fee, uint256 refund) = _shares(s);
        emit Settled(id, tutorAmount, fee, refund);
        s.claimTutor = _pushOrDefer(id, s, s.tutor, tutorAmount);
        s.claimPlatform = _pushOrDefer(id, s, feeRecipient, fee);
        s.claimStudent = _pushOrDefer(id, s, s.student, refund);
        s.status = _statusAfterPayout(s);
    }
}
