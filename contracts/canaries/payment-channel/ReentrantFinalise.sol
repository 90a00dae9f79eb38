// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title ReentrantFinalise
/// @notice BROKEN ON PURPOSE. Pays first, closes afterwards, and has no guard: a token with a hook
/// can finalise the same channel again from inside its own transfer.
/// @dev Imitates: the oldest of all, state changed after the external call. The inner call cannot
/// be paid any more and leaves a second refund on the books. Caught by INV-SOLVENCY, with the
/// re-entrant token armed with `finalise(id)`.
contract ReentrantFinalise is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function finalise(bytes32 id) external override {
        Channel storage c = _channels[id];
        _requireFinalisable(c);
        uint128 refund = _refundOf(c);
        emit ChannelClosed(id, msg.sender, 0, refund);
        _payPayer(id, c, refund);
        c.status = Status.Closed;
    }
}
