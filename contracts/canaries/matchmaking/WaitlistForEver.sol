// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title WaitlistForEver
/// @notice BROKEN ON PURPOSE. A student who waits for a tutor cannot give up any more.
/// @dev Imitates: states that were added later, and to which no way out was added. Caught by
/// INV-EXIT with a search without a match, and a student who wants to leave the waitlist.
contract WaitlistForEver is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireCancellable(Request storage r) internal view override {
        super._requireCancellable(r);
        if (r.status == Status.Waitlisted) revert NotCancellable(r.status);
    }
}
