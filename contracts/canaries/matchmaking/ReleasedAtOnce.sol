// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title ReleasedAtOnce
/// @notice BROKEN ON PURPOSE. Anyone can release the tutor as soon as there is an acceptance,
/// before the student could deposit.
/// @dev Imitates: clean-up functions that were opened to anyone and ask for no time. Caught by
/// INV-DEPOSIT-WINDOW with a release right after the acceptance.
contract ReleasedAtOnce is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireReleasable(Request storage) internal view override {}
}
