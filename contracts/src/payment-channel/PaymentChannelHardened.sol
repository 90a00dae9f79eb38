// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelBase} from "./PaymentChannelBase.sol";

/// @title PaymentChannelHardened
/// @notice The payment channel whose challenge ends when it was said to end, whose vouchers a
/// watcher can bring for a provider that is offline, and which leaves the provider a challenge
/// period after the expiry.
/// @dev The watcher needs no trust with money: whatever it redeems goes to the provider, and only a
/// voucher that the payer has signed pays anything. It cannot close a channel.
contract PaymentChannelHardened is PaymentChannelBase {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelBase(watcher_, challengeSeconds_) {}

    function _requireMayRedeem(Channel storage c) internal view virtual override {
        if (msg.sender != watcher) _requireProvider(c);
    }

    /// @dev Nothing: vouchers only grow, so a newer one contests nothing that needs an answer.
    function _redeemedWhileClosing(Channel storage c) internal virtual override {}

    /// @dev A voucher of the last second before the expiry needs time to be brought.
    function _reclaimableAt(Channel storage c) internal view virtual override returns (uint256) {
        return _expiresAt(c) + challengeSeconds;
    }
}
