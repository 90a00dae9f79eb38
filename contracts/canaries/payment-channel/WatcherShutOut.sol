// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title WatcherShutOut
/// @notice BROKEN ON PURPOSE. The watcher cannot redeem once the payer has asked for the end, which
/// is when it is needed.
/// @dev Imitates: delegations that were only wired into the everyday path. Caught by INV-WATCHER
/// with a voucher that the watcher brings after `requestClose`.
contract WatcherShutOut is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _requireMayRedeem(Channel storage c) internal view override {
        if (c.status == Status.Closing) _requireProvider(c);
        else super._requireMayRedeem(c);
    }
}
