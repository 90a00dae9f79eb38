// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title TimeoutByUserOnly
/// @notice BROKEN ON PURPOSE. Only the user can time a job out.
/// @dev Imitates: a way out for anyone that was forgotten when callers were restricted. Caught by
/// INV-TIMEOUT with a timeout that is due.
contract TimeoutByUserOnly is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _requireExpired(Job storage j) internal view override {
        super._requireExpired(j);
        if (msg.sender != j.user) revert NotParty(msg.sender);
    }
}
