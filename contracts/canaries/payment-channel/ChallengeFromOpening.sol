// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title ChallengeFromOpening
/// @notice BROKEN ON PURPOSE. Counts the challenge from the opening of the channel, so that an
/// older one can be finalised at once.
/// @dev Imitates: deadlines that are computed from the wrong one of two timestamps. Caught by
/// INV-CHALLENGE with a request and a finalisation a second after the opening or later.
contract ChallengeFromOpening is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _startChallenge(Channel storage c) internal override {
        c.challengeEndsAt = c.openedAt + challengeSeconds;
    }
}
