// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title ReopenAfterClose
/// @notice BROKEN ON PURPOSE. The id of a closed channel can be used again.
/// @dev Imitates: ids that are free again once their state is cleared, while signatures for them
/// are still around. Caught by INV-SINGLE-USE with open, close, open.
contract ReopenAfterClose is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _requireUnused(bytes32 id, Channel storage c) internal view override {
        if (c.status != Status.None && c.status != Status.Closed) revert ChannelExists(id);
    }
}
