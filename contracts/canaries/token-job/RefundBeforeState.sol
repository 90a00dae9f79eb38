// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title RefundBeforeState
/// @notice BROKEN ON PURPOSE. Refunds first, marks the job as over afterwards, and has no guard: a
/// token with a hook can end the same job again from inside the refund.
/// @dev Imitates: the oldest of all, state changed after the external call. The inner refund is
/// paid from what the contract holds for others. Caught by INV-SOLVENCY, with the re-entrant token
/// armed with `endSession(id)` and an end after the window.
contract RefundBeforeState is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function endSession(bytes32 id) external override {
        _end(id, _jobs[id]);
    }

    function _settle(bytes32 id, Job storage j, Status over) internal override {
        uint256 refund = _refundOf(j);
        emit SessionEnded(id, msg.sender, j.billedTokens, refund);
        j.claimUser = _pushOrDefer(id, j, refund);
        j.status = over;
    }
}
