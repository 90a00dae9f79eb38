// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title FeeTokenAtFaceValue
/// @notice BROKEN ON PURPOSE. Credits the amount that was asked for, whatever arrived.
/// @dev Imitates: deposits of fee-on-transfer tokens that were taken at face value and came up
/// short by the fee. Caught by INV-CONSERVATION with the first deposit of such a token.
contract FeeTokenAtFaceValue is PaymentChannelHardened {
    using SafeERC20 for IERC20;

    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _pull(IERC20 token, address from, uint256 amount) internal override {
        if (!token.trySafeTransferFrom(from, address(this), amount)) {
            revert DepositFailed(address(token), amount);
        }
    }
}
