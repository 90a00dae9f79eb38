// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title ReferenceNotKept
/// @notice BROKEN ON PURPOSE. The bank's number of its payment is checked and not kept.
/// @dev Imitates: audit trails that end at a log line. Caught by INV-REFERENCE with a completion.
contract ReferenceNotKept is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _useReference(Withdrawal storage w, uint256 bankReference) internal override {
        super._useReference(w, bankReference);
        w.bankReference = 0;
    }
}
