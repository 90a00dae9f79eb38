// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title NoWayOutOfProcessing
/// @notice BROKEN ON PURPOSE. An approved request cannot be taken back, however long the bank
/// takes.
/// @dev Imitates: payouts that are stuck in processing, with money that nobody can reach. Caught by
/// INV-EXIT: the teacher alone does not get its money back.
contract NoWayOutOfProcessing is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requireTimedOut(Withdrawal storage) internal pure override {
        revert StillProcessing(type(uint256).max);
    }
}
