// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobAsDescribed} from "../../src/token-job/TokenJobAsDescribed.sol";

/// @title RefundBeforeState
/// @notice BROKEN ON PURPOSE. Refunds first, marks the job as over afterwards, and has no guard: a
/// token with a hook can end the same job again from inside the refund.
/// @dev Imitates: the oldest of all, state changed after the external call. The inner refund is
/// paid from what host and treasury have on account. Caught by INV-SOLVENCY, with the re-entrant
/// token armed with `timeout(id)`.
contract RefundBeforeState is TokenJobAsDescribed {
    constructor(
        uint16 hostBps_,
        address treasury_
    ) TokenJobAsDescribed(hostBps_, treasury_) {}

    function timeout(bytes32 id) external override {
        Job storage j = _jobs[id];
        _requireActive(j);
        _requireExpired(j);
        uint256 refund = _refundOf(j);
        emit SessionEnded(id, msg.sender, j.billedTokens, refund);
        j.claimUser = _pushOrDefer(id, j, refund);
        j.status = j.provenTokens == 0 ? Status.Abandoned : Status.TimedOut;
    }
}
