// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title EndTwice
/// @notice BROKEN ON PURPOSE. A completed job passes for an active one, and can be ended and
/// refunded again.
/// @dev Imitates: a payout whose state check admits its own result. Caught by INV-SETTLE-ONCE with
/// two ends by the host.
contract EndTwice is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _requireActive(Job storage j) internal view override {
        if (j.status != Status.Completed) super._requireActive(j);
    }
}
