// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title PendingNotPosted
/// @notice BROKEN ON PURPOSE. What the bank was paid stays pending on the teacher's account.
/// @dev Imitates: ledgers with a first phase and no second. Caught by INV-SOLVENCY: what was paid
/// is still owed, after a completion.
contract PendingNotPosted is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _post(Withdrawal storage) internal override {}
}
