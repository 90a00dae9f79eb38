// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title RestoredTwice
/// @notice BROKEN ON PURPOSE. A request that was taken back is credited twice.
/// @dev Imitates: refunds made by two handlers of the same event. Caught by INV-RESTORE with a
/// request and its cancellation.
contract RestoredTwice is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _void(Withdrawal storage w) internal override {
        super._void(w);
        _available[w.teacher][w.token] += w.amount;
    }
}
