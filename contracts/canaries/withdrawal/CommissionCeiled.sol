// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title CommissionCeiled
/// @notice BROKEN ON PURPOSE. The commission is rounded up, so that the odd unit is the platform's.
/// @dev Imitates: rounding in favour of whoever wrote the formula. Caught by INV-FEE with a credit
/// that the commission does not divide.
contract CommissionCeiled is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _commissionOn(uint256 gross) internal view override returns (uint256) {
        return (gross * commissionBps + BPS - 1) / BPS;
    }
}
