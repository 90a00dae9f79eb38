// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title TutorNeverLookedUp
/// @notice BROKEN ON PURPOSE. Nobody looks whether another request binds the tutor: two proposals
/// race, and both are accepted.
/// @dev Imitates: double bookings, where each request checked itself and none the calendar. Caught
/// by INV-ONE-STUDENT with two requests and the same tutor proposed to both.
contract TutorNeverLookedUp is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireFree(address) internal view override {}
}
