// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title CancelledUnderway
/// @notice BROKEN ON PURPOSE. A request can be taken back while the bank is paying it.
/// @dev Imitates: cancellations that race with the payment, and leave whoever cancels with both.
/// Caught by INV-BANK-WINDOW with a cancellation right after the approval.
contract CancelledUnderway is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requireTimedOut(Withdrawal storage) internal view override {}
}
