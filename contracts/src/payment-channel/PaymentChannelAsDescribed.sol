// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelBase} from "./PaymentChannelBase.sol";

/// @title PaymentChannelAsDescribed
/// @notice The payment channel as its description has it: only the provider itself redeems, each
/// redemption during the challenge starts it anew, and an expired channel is the payer's at once.
/// @dev Three promises are broken by that. A provider with many small vouchers can keep the payer
/// waiting, one challenge period each. One that is offline loses what it has earned, for nobody
/// else can bring its voucher. And a voucher of the last second before the expiry races with the
/// payer's reclaim.
contract PaymentChannelAsDescribed is PaymentChannelBase {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelBase(watcher_, challengeSeconds_) {}

    /// @dev As if the newest voucher could be contested by a newer one.
    function _redeemedWhileClosing(Channel storage c) internal virtual override {
        _startChallenge(c);
    }
}
