// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title ReleaseByMatchmakerOnly
/// @notice BROKEN ON PURPOSE. Only the matchmaker releases a tutor whose student does not deposit.
/// @dev Imitates: keepers without an alternative, where everybody waits while they are down. Caught
/// by INV-DEPOSIT-WINDOW with a release by anyone else after the window.
contract ReleaseByMatchmakerOnly is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireReleasable(Request storage r) internal view override {
        super._requireReleasable(r);
        _requireMatchmaker();
    }
}
