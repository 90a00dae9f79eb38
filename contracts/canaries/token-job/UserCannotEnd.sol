// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title UserCannotEnd
/// @notice BROKEN ON PURPOSE. Only the host can end a job; the user has to wait for its time to
/// pass.
/// @dev Imitates: agreements that one side alone can leave. Caught by INV-EXIT: the user alone does
/// not get out in time.
contract UserCannotEnd is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _requireParty(Job storage j) internal view override {
        if (msg.sender != j.host) revert NotParty(msg.sender);
    }
}
