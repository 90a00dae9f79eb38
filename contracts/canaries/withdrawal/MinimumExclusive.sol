// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title MinimumExclusive
/// @notice BROKEN ON PURPOSE. A request over exactly the minimum is refused.
/// @dev Imitates: a bound on the wrong side: more than where at least was promised. Caught by
/// INV-MINIMUM with a request over the minimum.
contract MinimumExclusive is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requireMinimum(uint128 amount) internal view override {
        if (amount <= minimumUnits) revert BelowMinimum(amount, minimumUnits);
    }
}
