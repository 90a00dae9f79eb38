// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title ConsumedAgain
/// @notice BROKEN ON PURPOSE. An acceptance can be consumed a second time while the first session
/// is under way.
/// @dev Imitates: vouchers that are marked as used only when the order has been shipped. Caught by
/// INV-QUOTE-ONCE with two deposits.
contract ConsumedAgain is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireConsumable(Request storage r) internal view override {
        if (r.status != Status.Matched) super._requireConsumable(r);
    }
}
