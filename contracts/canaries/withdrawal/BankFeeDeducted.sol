// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title BankFeeDeducted
/// @notice BROKEN ON PURPOSE. The bank gets half a percent less than what was asked for, for its
/// costs.
/// @dev Imitates: payouts that are short by a fee which nobody was told of. Caught by INV-PAID-ONCE
/// with a completion.
contract BankFeeDeducted is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _payBank(bytes32 id, Withdrawal storage w, uint256 amount) internal override {
        super._payBank(id, w, amount - amount / 200);
    }
}
