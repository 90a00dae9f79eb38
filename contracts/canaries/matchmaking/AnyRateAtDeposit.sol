// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title AnyRateAtDeposit
/// @notice BROKEN ON PURPOSE. The rate of the deposit is taken as it comes, whatever the tutor has
/// accepted.
/// @dev Imitates: prices that come from the client a second time, and are used without a look at
/// the order. Caught by INV-RATE-LOCKED with a deposit at another rate.
contract AnyRateAtDeposit is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireRate(Request storage, uint128) internal view override {}
}
