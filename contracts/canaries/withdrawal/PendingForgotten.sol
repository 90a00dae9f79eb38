// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title PendingForgotten
/// @notice BROKEN ON PURPOSE. What is asked for leaves the balance and is pending nowhere, so that
/// the report adds up to less than was earned.
/// @dev Imitates: half a double entry. Caught by INV-BOOKS with a credit and a request.
contract PendingForgotten is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requested(Withdrawal storage w) internal override {
        _available[w.teacher][w.token] -= w.amount;
    }

    function _post(Withdrawal storage) internal override {}

    function _void(Withdrawal storage w) internal override {
        _available[w.teacher][w.token] += w.amount;
    }
}
