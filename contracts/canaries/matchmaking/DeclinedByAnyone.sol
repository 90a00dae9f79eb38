// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title DeclinedByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can decline a proposal in the tutor’s name, and so take a
/// competitor’s students away.
/// @dev Imitates: links in a message that answer for whoever opens them. Caught by
/// INV-STRANGER-HARMLESS with a decline by a stranger.
contract DeclinedByAnyone is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireTutor(Request storage) internal view override {}
}
