// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title CancelledByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can take a teacher's request back, again and again.
/// @dev Imitates: cleaning up that is open to everybody, and used to keep somebody from being paid.
/// Caught by INV-STRANGER-HARMLESS with a cancellation by a stranger.
contract CancelledByAnyone is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requireCanceller(Withdrawal storage) internal view override {}
}
