// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title OneRatingRow
/// @notice BROKEN ON PURPOSE. Both ratings are kept in one place, so that the tutor’s replaces the
/// student’s.
/// @dev Imitates: tables with one row for each session where there should be one for each author.
/// Caught by INV-RATING-ONCE with a rating by the tutor.
contract OneRatingRow is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _rate(bytes32 id, Request storage r, uint8 score) internal override {
        super._rate(id, r, score);
        r.ratingStudent = score;
    }
}
