// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title UserCannotSettle
/// @notice BROKEN ON PURPOSE. The user cannot settle the job that it has ended, not even when the
/// window is over.
/// @dev Imitates: a last step that was left to the other side, who had no reason to take it. Caught
/// by INV-EXIT: the user alone never gets out.
contract UserCannotSettle is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _requireSettleable(Job storage j) internal view override {
        if (msg.sender == j.user) revert NotParty(msg.sender);
        super._requireSettleable(j);
    }
}
