// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title LastCreditCounts
/// @notice BROKEN ON PURPOSE. A credit replaces the balance instead of adding to it.
/// @dev Imitates: an assignment where a sum was meant, unseen as long as everybody was paid once.
/// Caught by INV-BOOKS with two credits.
contract LastCreditCounts is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _earn(
        address teacher,
        address token,
        uint256 net,
        uint256 commission
    ) internal override {
        super._earn(teacher, token, 0, commission);
        _available[teacher][token] = net;
    }
}
