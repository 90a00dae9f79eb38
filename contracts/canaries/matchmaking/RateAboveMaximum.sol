// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title RateAboveMaximum
/// @notice BROKEN ON PURPOSE. A quote above the most that the student would pay is accepted.
/// @dev Imitates: limits that are shown on a screen and checked nowhere else. Caught by
/// INV-RATE-LOCKED with a quote above the maximum, and the deposit at that rate.
contract RateAboveMaximum is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireQuotable(Request storage, uint128 ratePerSecond) internal view override {
        if (ratePerSecond == 0) revert ZeroRate();
    }
}
