// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title UnpayableBankBlocks
/// @notice BROKEN ON PURPOSE. A payment that the token refuses takes the completion down with it.
/// @dev Imitates: push payments without a way out, where a single blocklisted address froze
/// everything. Caught by INV-RECIPIENT-ISOLATION with a token that refuses the bank, and a
/// completion.
contract UnpayableBankBlocks is WithdrawalHardened {
    using SafeERC20 for IERC20;

    constructor(Config memory config) WithdrawalHardened(config) {}

    function _payBank(bytes32, Withdrawal storage w, uint256 amount) internal override {
        IERC20(w.token).safeTransfer(bank, amount);
    }
}
