// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title BalanceOfAnyToken
/// @notice BROKEN ON PURPOSE. A teacher has one balance, whatever the token it was earned in.
/// @dev Imitates: balances of several assets in one mapping, where a worthless token bought the
/// valuable one. Caught by INV-SOLVENCY: what is credited in one token is owed in another as well.
contract BalanceOfAnyToken is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function availableOf(address teacher, address) public view override returns (uint256) {
        return _available[teacher][address(0)];
    }

    function _earn(
        address teacher,
        address token,
        uint256 net,
        uint256 commission
    ) internal override {
        super._earn(teacher, token, 0, commission);
        _available[teacher][address(0)] += net;
    }

    function _requested(Withdrawal storage w) internal override {
        _available[w.teacher][address(0)] -= w.amount;
        _pending[w.teacher][w.token] += w.amount;
    }

    function _void(Withdrawal storage w) internal override {
        _pending[w.teacher][w.token] -= w.amount;
        _available[w.teacher][address(0)] += w.amount;
    }
}
