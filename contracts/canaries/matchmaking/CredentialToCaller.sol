// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title CredentialToCaller
/// @notice BROKEN ON PURPOSE. The credential goes to whoever reports the end of the session, which
/// is the escrow, and stays there.
/// @dev Imitates: mints to the caller, written for a user who calls directly and called by a
/// contract. Caught by INV-SOULBOUND with a session that was long enough.
contract CredentialToCaller is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _credentialOwner(Request storage) internal view override returns (address) {
        return msg.sender;
    }
}
