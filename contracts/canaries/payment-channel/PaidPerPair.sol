// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title PaidPerPair
/// @notice BROKEN ON PURPOSE. Keeps one count of what is paid for payer and provider, over all
/// their channels.
/// @dev Imitates: state that belongs to an agreement but is keyed by its parties. Caught by
/// INV-ISOLATION with two channels between the same two: a redemption on one changes the other.
contract PaidPerPair is PaymentChannelHardened {
    mapping(address payer => mapping(address provider => uint128)) private _paid;

    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function channel(bytes32 id) external view override returns (Channel memory copy) {
        copy = _channels[id];
        copy.paid = _paid[copy.payer][copy.provider];
    }

    function _recordPaid(Channel storage c, uint128 amount) internal override {
        super._recordPaid(c, amount);
        _paid[c.payer][c.provider] += amount;
    }
}
