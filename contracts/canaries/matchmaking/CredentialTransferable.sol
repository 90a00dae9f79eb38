// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchCredential} from "../../src/matchmaking/MatchCredential.sol";
import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title CredentialTransferable
/// @notice BROKEN ON PURPOSE. A credential can be handed on, and sold.
/// @dev Imitates: tokens that are called soulbound in their description, and are plain ERC-721.
/// Caught by INV-SOULBOUND with a session, and a student who hands the credential on.
contract CredentialTransferable is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _newCredential() internal override returns (MatchCredential) {
        return new MatchCredential();
    }

    function _requireMovable(uint256, address) internal view override {}
}
