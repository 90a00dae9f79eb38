// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title CancelKeepsTutor
/// @notice BROKEN ON PURPOSE. A tutor stays bound when the student gives the request up.
/// @dev Imitates: cancellations that change a status and forget the reservation behind it. Caught
/// by INV-FREE-AGAIN with two requests, a proposal, its cancellation, and the same tutor proposed
/// to the other.
contract CancelKeepsTutor is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _free(Request storage r) internal override {
        if (r.status != Status.Cancelled) super._free(r);
    }
}
