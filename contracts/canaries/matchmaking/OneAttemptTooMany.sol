// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title OneAttemptTooMany
/// @notice BROKEN ON PURPOSE. A search ends one proposal later than it should.
/// @dev Imitates: limits that are compared with the wrong sign of equality. Caught by INV-ATTEMPTS
/// where a search has one attempt: a proposal, its end, and a second proposal.
contract OneAttemptTooMany is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _isSearchOver(Request storage r) internal view override returns (bool) {
        return r.attempts > maxAttempts;
    }
}
