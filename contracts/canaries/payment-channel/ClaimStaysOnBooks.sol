// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title ClaimStaysOnBooks
/// @notice BROKEN ON PURPOSE. A deferred share that was fetched stays on the books and can be
/// fetched again.
/// @dev Imitates: withdrawals that pay what a mapping says and forget to clear it. Caught by
/// INV-SOLVENCY with a token that refuses the provider.
contract ClaimStaysOnBooks is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _takeClaim(Channel storage c) internal view override returns (uint256) {
        if (msg.sender == c.payer) return c.claimPayer;
        return msg.sender == c.provider ? c.claimProvider : 0;
    }
}
