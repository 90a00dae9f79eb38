// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title RefundSweepsContract
/// @notice BROKEN ON PURPOSE. Refunds whatever the contract holds of the token, as if there were
/// only one channel.
/// @dev Imitates: contracts written for one deal, which pay out their whole balance, and are then
/// used for many. Caught by INV-SOLVENCY with two channels in one token.
contract RefundSweepsContract is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _payPayer(bytes32 id, Channel storage c, uint256 amount) internal override {
        (, uint256 held) = _tryBalance(IERC20(c.token));
        super._payPayer(id, c, amount > 0 ? held : 0);
    }
}
