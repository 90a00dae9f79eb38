// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title ReferenceOptional
/// @notice BROKEN ON PURPOSE. A withdrawal can be completed without the bank's number of its
/// payment, any number of times.
/// @dev Imitates: reconciliation keys that may be empty, where all payments without one were the
/// same payment. Caught by INV-REFERENCE with a completion without a reference.
contract ReferenceOptional is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _useReference(Withdrawal storage w, uint256 bankReference) internal override {
        if (bankReference == 0) return;
        super._useReference(w, bankReference);
    }
}
