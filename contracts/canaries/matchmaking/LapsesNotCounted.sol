// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title LapsesNotCounted
/// @notice BROKEN ON PURPOSE. A proposal that nobody has answered does not count, so that silent
/// tutors can be proposed for ever.
/// @dev Imitates: retry counters that are reset by the very failure that they are to count. Caught
/// by INV-ATTEMPTS where a search has one attempt: a proposal, its lapse, and a second proposal.
contract LapsesNotCounted is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function lapse(bytes32 id) external override {
        Request storage r = _requests[id];
        _requireProposed(r);
        _requireLapsed(r);
        r.attempts -= 1;
        emit Lapsed(id, r.tutor);
        _proposeOther(id, r);
    }
}
