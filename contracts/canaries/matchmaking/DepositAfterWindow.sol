// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title DepositAfterWindow
/// @notice BROKEN ON PURPOSE. The student can deposit for as long as nobody has released the tutor.
/// @dev Imitates: deadlines that bind one side and not the other. Caught by INV-DEPOSIT-WINDOW with
/// a deposit after the window.
contract DepositAfterWindow is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireDepositInTime(Request storage r) internal view override {
        _requireUnexpired(r.quoteExpiry);
    }
}
