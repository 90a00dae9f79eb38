// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title RequestMadeAgain
/// @notice BROKEN ON PURPOSE. A request that was cancelled can be made again under the same id, and
/// with it the quotes that were signed for the first.
/// @dev Imitates: ids that are free again after a cancellation, while signatures over them are
/// still about. Caught by INV-SINGLE-USE with a request, its cancellation and the same request.
contract RequestMadeAgain is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireUnused(bytes32 id, Request storage r) internal view override {
        if (r.status != Status.Cancelled) super._requireUnused(id, r);
    }
}
