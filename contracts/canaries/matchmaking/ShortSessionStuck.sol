// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title ShortSessionStuck
/// @notice BROKEN ON PURPOSE. The end of a session that is too short for a credential is refused,
/// and with it the escrow’s payment.
/// @dev Imitates: hooks of a reward that take down the withdrawal which they only decorate. Caught
/// by INV-END-TOTAL with the end of a session of no time.
contract ShortSessionStuck is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    /// @notice Thrown when a session was too short for a credential, in seconds.
    error TooShort(uint32 billedSeconds);

    function _earnsCredential(Request storage r) internal view override returns (bool) {
        if (!super._earnsCredential(r)) revert TooShort(r.billedSeconds);
        return true;
    }
}
