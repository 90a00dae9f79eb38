// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title QuoteUnchecked
/// @notice BROKEN ON PURPOSE. Any bytes pass for a quote.
/// @dev Imitates: signatures that are asked for and not verified. Caught by INV-QUOTE-BINDING with
/// a quote that a stranger has signed.
contract QuoteUnchecked is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _isSignedBy(address, bytes32, bytes calldata) internal view override returns (bool) {
        return true;
    }
}
