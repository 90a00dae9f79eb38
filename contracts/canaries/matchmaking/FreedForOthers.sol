// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title FreedForOthers
/// @notice BROKEN ON PURPOSE. A request that lets go of its tutor clears the mark of whichever
/// request has bound the tutor since.
/// @dev Imitates: locks that are released by somebody who does not hold them any more, because
/// nobody compares the owner. Caught by INV-ONE-STUDENT with a proposal that has run out, another
/// one of the same tutor, the lapse of the first, and a proposal again.
contract FreedForOthers is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _free(Request storage r) internal override {
        super._free(r);
        delete _proposedFor[r.tutor];
    }
}
