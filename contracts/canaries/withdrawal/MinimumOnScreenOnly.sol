// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title MinimumOnScreenOnly
/// @notice BROKEN ON PURPOSE. The minimum is left to the client, and any amount can be asked for.
/// @dev Imitates: limits that only the form on the screen knows. Caught by INV-MINIMUM with a
/// request below the minimum.
contract MinimumOnScreenOnly is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requireMinimum(uint128) internal view override {}
}
