// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title DeductionFloored
/// @notice BROKEN ON PURPOSE. The balance is deducted at the approval instead of the request, and
/// never below zero.
/// @dev Imitates: dashboards that show a negative balance as zero, and the payouts that trusted the
/// figure. Caught by INV-EARNED with two requests over the same money, both approved.
contract DeductionFloored is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requested(Withdrawal storage) internal override {}

    function _approved(Withdrawal storage w) internal override {
        uint256 available = _available[w.teacher][w.token];
        _available[w.teacher][w.token] = Math.saturatingSub(available, w.amount);
        _pending[w.teacher][w.token] += w.amount;
    }

    function _rejected(Withdrawal storage) internal override {}
}
