// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title DepositAfterExpiry
/// @notice BROKEN ON PURPOSE. The student can deposit until the window is over, although the quote
/// has expired by then.
/// @dev Imitates: prices that are checked when an order is placed, and stale when it is filled.
/// Caught by INV-DEPOSIT-WINDOW with a quote that expires before the window, and a deposit in
/// between.
contract DepositAfterExpiry is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireDepositInTime(Request storage r) internal view override {
        if (block.timestamp >= _depositEnd(r)) revert DepositWindowOver(_depositEnd(r));
    }
}
