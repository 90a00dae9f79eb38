// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title MaximumForRate
/// @notice BROKEN ON PURPOSE. The rate of the deposit is compared with the most that the student
/// would pay, and not with what the tutor has accepted.
/// @dev Imitates: fills at the limit of an order instead of at its price. Caught by INV-RATE-LOCKED
/// with a quote below the maximum, and a deposit at another rate.
contract MaximumForRate is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireRate(Request storage r, uint128 ratePerSecond) internal view override {
        if (ratePerSecond > r.maxRate) revert WrongRate(ratePerSecond, r.rate);
    }
}
