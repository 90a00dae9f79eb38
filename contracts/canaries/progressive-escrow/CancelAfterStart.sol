// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title CancelAfterStart
/// @notice BROKEN ON PURPOSE. A running session can be cancelled, with everything unreleased back
/// to the student.
/// @dev Imitates: cancellations that do not look at the state, so that the student takes the lesson
/// and the money. Caught by INV-NO-SHOW-REFUND.
contract CancelAfterStart is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _requireCancellable(Session storage s) internal view override {
        if (s.status != Status.Active) super._requireCancellable(s);
    }
}
