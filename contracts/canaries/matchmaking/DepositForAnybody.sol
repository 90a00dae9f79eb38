// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title DepositForAnybody
/// @notice BROKEN ON PURPOSE. Another student can deposit on what the tutor has promised to the one
/// of the request.
/// @dev Imitates: tickets that name their owner, where nobody reads the name. Caught by
/// INV-QUOTE-BINDING with a deposit for another student.
contract DepositForAnybody is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireStudentOf(Request storage, address) internal view override {}
}
