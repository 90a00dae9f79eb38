// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title CancelledByAdminOnly
/// @notice BROKEN ON PURPOSE. Only an admin can take a request back.
/// @dev Imitates: a way out that needs the help of those one wants to get away from. Caught by
/// INV-EXIT: the teacher alone does not get its money back.
contract CancelledByAdminOnly is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requireCanceller(Withdrawal storage) internal view override {
        _requireAdmin();
    }
}
