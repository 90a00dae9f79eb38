// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title AnyoneRequestsClose
/// @notice BROKEN ON PURPOSE. Anyone can ask for the end of a channel and so start its challenge.
/// @dev Imitates: a state change without a check of the caller, harmless to look at, that takes
/// top-ups away. Caught by INV-STRANGER-HARMLESS with a stranger's `requestClose`.
contract AnyoneRequestsClose is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _requireMayRequest(Channel storage c) internal view override {}
}
