// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title RatedByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can rate a session, in the student’s place.
/// @dev Imitates: reviews without a purchase. Caught by INV-RATING-ONCE with a rating by a
/// stranger.
contract RatedByAnyone is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireMayRate(Request storage r) internal view override {
        bool isParty = msg.sender == r.student || msg.sender == r.tutor;
        if (isParty) super._requireMayRate(r);
    }
}
