// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title AdminCompletes
/// @notice BROKEN ON PURPOSE. An admin can say that the bank pays, whether it does or not.
/// @dev Imitates: a payment that is marked as made by whoever approved it. Caught by INV-ADMIN with
/// a completion by an admin.
contract AdminCompletes is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requireMayComplete() internal view override {
        if (!isAdmin[msg.sender]) _requireBank();
    }
}
