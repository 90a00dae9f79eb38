// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title EndAfterExpiry
/// @notice BROKEN ON PURPOSE. The end of a session cannot be reported once the quote has expired
/// that it began with.
/// @dev Imitates: validity checks that are run at every step, also where the only way is out.
/// Caught by INV-END-TOTAL with an end after the expiry.
contract EndAfterExpiry is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireCompletable(Request storage r) internal view override {
        super._requireCompletable(r);
        _requireUnexpired(r.quoteExpiry);
    }
}
