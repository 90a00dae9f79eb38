// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title DepositAccepts
/// @notice BROKEN ON PURPOSE. A deposit that comes while the tutor has not answered yet counts as
/// the acceptance.
/// @dev Imitates: webhooks of a payment that move an order on from whatever state it is in. Caught
/// by INV-MATCH-ORDER with a proposal and a deposit.
contract DepositAccepts is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireConsumable(Request storage r) internal view override {
        if (r.status != Status.Proposed) super._requireConsumable(r);
    }

    function _requireDepositInTime(Request storage r) internal view override {
        if (r.status != Status.Proposed) super._requireDepositInTime(r);
    }

    function _requireRate(Request storage r, uint128 ratePerSecond) internal view override {
        if (r.status != Status.Proposed) super._requireRate(r, ratePerSecond);
    }
}
