// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title RedeemRestartsChallenge
/// @notice BROKEN ON PURPOSE. Each redemption during the challenge starts it anew, as the
/// description has it.
/// @dev Imitates: timers that any activity restarts, so that small steps hold up the end for as
/// long as one likes. Caught by INV-NO-TIMER-RESET with a voucher a second after `requestClose`.
contract RedeemRestartsChallenge is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _redeemedWhileClosing(Channel storage c) internal override {
        _startChallenge(c);
    }
}
