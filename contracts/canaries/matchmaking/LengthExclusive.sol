// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title LengthExclusive
/// @notice BROKEN ON PURPOSE. A session of exactly the least billed time has no credential.
/// @dev Imitates: minimums that are compared with the wrong sign of equality. Caught by
/// INV-CREDENTIAL-EARNED with a session of exactly that length.
contract LengthExclusive is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _earnsCredential(Request storage r) internal view override returns (bool) {
        return r.billedSeconds > credentialSeconds;
    }
}
