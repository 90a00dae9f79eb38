// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title GivenUpByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can give a student’s request up.
/// @dev Imitates: endpoints that take an id and ask nobody who they are. Caught by
/// INV-STRANGER-HARMLESS with a cancellation by a stranger.
contract GivenUpByAnyone is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireStudent(Request storage) internal view override {}
}
