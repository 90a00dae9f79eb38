// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title CommissionByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can have the platform's commission paid out, to wherever he
/// says.
/// @dev Imitates: a withdrawal whose recipient was fixed once, and kept no check of the caller when
/// it got a parameter. Caught by INV-STRANGER-HARMLESS with a withdrawal by a stranger.
contract CommissionByAnyone is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function withdrawCommission(address token, address to) external override nonReentrant {
        uint256 amount = _takeCommission(token);
        if (amount == 0) revert NothingToWithdraw();
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);
        emit CommissionWithdrawn(token, to, amount);
        if (!_tryPay(IERC20(token), to, amount)) revert WithdrawFailed(to, amount);
    }
}
