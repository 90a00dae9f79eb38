// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title RequestOnlyOnceExpired
/// @notice BROKEN ON PURPOSE. The payer cannot ask for the end before the channel has expired.
/// @dev Imitates: exits that depend on the other side until a timeout that is far away. Caught by
/// INV-EXIT with a payer that leaves an open channel.
contract RequestOnlyOnceExpired is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _requireMayRequest(Channel storage c) internal view override {
        super._requireMayRequest(c);
        if (block.timestamp < _expiresAt(c)) revert NotExpired(_expiresAt(c));
    }
}
