// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title WindowFromProposal
/// @notice BROKEN ON PURPOSE. The time to deposit runs from the proposal and not from the
/// acceptance, so that a slow tutor takes it from the student.
/// @dev Imitates: deadlines that are counted from the wrong one of two stored times. Caught by
/// INV-DEPOSIT-WINDOW with an acceptance some seconds after the proposal, and a deposit in the last
/// second.
contract WindowFromProposal is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _depositEnd(Request storage r) internal view override returns (uint256) {
        return uint256(r.proposedAt) + depositWindowSeconds;
    }
}
