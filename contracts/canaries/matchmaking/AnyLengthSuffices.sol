// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title AnyLengthSuffices
/// @notice BROKEN ON PURPOSE. A session has its credential however short it was.
/// @dev Imitates: badges for showing up, collected by opening and closing a session. Caught by
/// INV-CREDENTIAL-EARNED with a session of no time.
contract AnyLengthSuffices is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _earnsCredential(Request storage) internal pure override returns (bool) {
        return true;
    }
}
