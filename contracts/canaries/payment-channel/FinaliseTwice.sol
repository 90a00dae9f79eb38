// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title FinaliseTwice
/// @notice BROKEN ON PURPOSE. A channel that was finalised can be finalised again.
/// @dev Imitates: releases that check that an end was asked for and is due, but not that it has
/// happened. Caught by INV-SETTLE-ONCE.
contract FinaliseTwice is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _requireFinalisable(Channel storage c) internal view override {
        if (c.challengeEndsAt == 0) revert NotClosing(c.status);
        if (block.timestamp < c.challengeEndsAt) revert ChallengeRunning(c.challengeEndsAt);
    }
}
