// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title TimeoutForgetsWindow
/// @notice BROKEN ON PURPOSE. A job can be timed out when its duration is over, while the host may
/// still bring receipts.
/// @dev Imitates: two deadlines for the two sides of one promise. Caught by INV-TIMEOUT with a
/// timeout in the first second after the duration.
contract TimeoutForgetsWindow is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _requireExpired(Job storage j) internal view override {
        uint256 until = uint256(j.startedAt) + j.durationSeconds;
        if (block.timestamp <= until) revert NotExpired(until);
    }
}
