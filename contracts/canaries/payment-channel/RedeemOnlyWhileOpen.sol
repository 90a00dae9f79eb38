// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title RedeemOnlyWhileOpen
/// @notice BROKEN ON PURPOSE. Pays no voucher any more once the payer has asked for the end.
/// @dev Imitates: a challenge period in which nothing can be challenged, since only the open state
/// was thought of. Caught by INV-REDEEM-TOTAL with a voucher after `requestClose`.
contract RedeemOnlyWhileOpen is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _requireRedeemable(Channel storage c) internal view override {
        if (c.status != Status.Open) revert NotRedeemable(c.status);
    }
}
