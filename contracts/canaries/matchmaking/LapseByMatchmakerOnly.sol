// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title LapseByMatchmakerOnly
/// @notice BROKEN ON PURPOSE. Only the matchmaker ends a proposal that nobody has answered.
/// @dev Imitates: timers in the memory of one process, which are gone after its restart. Caught by
/// INV-TTL with a lapse by anyone else after the time to answer.
contract LapseByMatchmakerOnly is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireLapsed(Request storage r) internal view override {
        super._requireLapsed(r);
        _requireMatchmaker();
    }
}
