// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title TopUpReplacesDeposit
/// @notice BROKEN ON PURPOSE. A top-up replaces the deposit on the books.
/// @dev Imitates: an assignment where an addition was meant. Caught by INV-TOP-UP with any top-up.
contract TopUpReplacesDeposit is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _credit(Channel storage c, uint128 amount) internal override {
        c.deposit = amount;
    }
}
