// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title DepositByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can say that the student has deposited, or that the session is
/// over.
/// @dev Imitates: callbacks of a payment provider that are open to anyone. Caught by
/// INV-STRANGER-HARMLESS with a deposit that a stranger reports.
contract DepositByAnyone is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireEscrow() internal view override {}
}
