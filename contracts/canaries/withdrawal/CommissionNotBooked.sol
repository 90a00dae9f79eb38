// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title CommissionNotBooked
/// @notice BROKEN ON PURPOSE. The commission is taken off what a teacher has earned, and booked
/// nowhere.
/// @dev Imitates: fees that a refactoring left without a recipient. Caught by INV-CONSERVATION:
/// what came in is neither paid nor on account, with one credit.
contract CommissionNotBooked is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _earn(address teacher, address token, uint256 net, uint256) internal override {
        super._earn(teacher, token, net, 0);
    }
}
