// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title BookedUntilThen
/// @notice BROKEN ON PURPOSE. A booking cannot be given up before its time has come, however far
/// away that is.
/// @dev Imitates: locks whose end the user may choose, and regret. Caught by INV-EXIT with a search
/// without a match, a booking, and a student who wants to leave.
contract BookedUntilThen is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireCancellable(Request storage r) internal view override {
        super._requireCancellable(r);
        _requireTime(r);
    }
}
