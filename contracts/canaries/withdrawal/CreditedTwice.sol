// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title CreditedTwice
/// @notice BROKEN ON PURPOSE. A teacher is credited twice for what is paid in once.
/// @dev Imitates: earnings booked once for each delivery of an event that is delivered at least
/// once. Caught by INV-EARNED with a credit and two requests that are approved, each over all of
/// it.
contract CreditedTwice is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _earn(
        address teacher,
        address token,
        uint256 net,
        uint256 commission
    ) internal override {
        super._earn(teacher, token, net * 2, commission);
    }
}
