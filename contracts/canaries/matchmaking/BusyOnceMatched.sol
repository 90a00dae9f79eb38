// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title BusyOnceMatched
/// @notice BROKEN ON PURPOSE. Only a match makes a tutor busy; proposals and acceptances bind
/// nobody until a student has deposited.
/// @dev Imitates: inventory that is counted at the payment and not at the reservation, and sold
/// twice in between. Caught by INV-ONE-STUDENT with two requests and the same tutor proposed to
/// both.
contract BusyOnceMatched is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _isBinding(Request storage r) internal view override returns (bool) {
        return r.status == Status.Matched && super._isBinding(r);
    }
}
