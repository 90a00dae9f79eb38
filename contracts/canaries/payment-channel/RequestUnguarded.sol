// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title RequestUnguarded
/// @notice BROKEN ON PURPOSE. Asking for the end pays nobody, so nobody guarded it.
/// @dev Imitates: a guard on the functions that move tokens and on no other, so that a hook can
/// start the challenge in the middle of a top-up. Caught by INV-REENTRY with 1 action: a channel
/// opened over the re-entrant token.
contract RequestUnguarded is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function requestClose(bytes32 id) external override {
        Channel storage c = _channels[id];
        _requireOpen(c);
        _requireMayRequest(c);
        c.status = Status.Closing;
        _startChallenge(c);
        emit CloseRequested(id, c.challengeEndsAt);
    }
}
