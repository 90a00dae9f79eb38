// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title NonceNotMarked
/// @notice BROKEN ON PURPOSE. A nonce is looked up and never marked, so that the quotes of one
/// tutor under the same number are all accepted.
/// @dev Imitates: replay protection that reads a map which nobody writes. Caught by INV-QUOTE-ONCE
/// with two requests, and a second quote of the tutor under the nonce of the first once that has
/// run out.
contract NonceNotMarked is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _use(Request storage r, uint256 nonce) internal override {
        r.quoteNonce = nonce;
    }
}
