// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title TopUpRestartsExpiry
/// @notice BROKEN ON PURPOSE. Counts the expiry from the newest top-up on.
/// @dev Imitates: deposits that write the whole record again instead of adding to it. Caught by
/// INV-TOP-UP with a top-up in a later second than the opening.
contract TopUpRestartsExpiry is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _credit(Channel storage c, uint128 amount) internal override {
        super._credit(c, amount);
        c.openedAt = uint64(block.timestamp);
    }
}
