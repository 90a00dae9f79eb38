// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title AcceptAfterDecline
/// @notice BROKEN ON PURPOSE. A tutor who has declined can still be bound by a quote, until the
/// next one is proposed.
/// @dev Imitates: late answers that revive what is over, as in two tabs with the same offer. Caught
/// by INV-MATCH-ORDER with a proposal that is declined, and its quote.
contract AcceptAfterDecline is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireProposed(Request storage r) internal view override {
        bool isDeclined = r.status == Status.Searching && r.tutor != address(0);
        if (!isDeclined) super._requireProposed(r);
    }
}
