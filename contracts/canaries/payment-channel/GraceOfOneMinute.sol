// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title GraceOfOneMinute
/// @notice BROKEN ON PURPOSE. Leaves the provider one minute after the expiry, whatever the
/// challenge period is.
/// @dev Imitates: a constant from the first deployment where a parameter belongs. Caught by
/// INV-EXPIRY-GRACE where the challenge is longer than that.
contract GraceOfOneMinute is PaymentChannelHardened {
    uint256 private constant GRACE_SECONDS = 60;

    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _reclaimableAt(Channel storage c) internal view override returns (uint256) {
        return _expiresAt(c) + GRACE_SECONDS;
    }
}
