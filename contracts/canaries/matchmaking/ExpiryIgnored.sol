// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title ExpiryIgnored
/// @notice BROKEN ON PURPOSE. A quote is accepted after it has expired.
/// @dev Imitates: expiries that are signed, passed on and compared with nothing. Caught by
/// INV-QUOTE-BINDING with an expired quote.
contract ExpiryIgnored is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireUnexpired(uint64) internal view override {}
}
