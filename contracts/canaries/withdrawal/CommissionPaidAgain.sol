// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title CommissionPaidAgain
/// @notice BROKEN ON PURPOSE. The account of the commission is not emptied when it is withdrawn.
/// @dev Imitates: withdrawals that read a balance and do not clear it. Caught by INV-FEE with a
/// credit and a withdrawal of the commission.
contract CommissionPaidAgain is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _takeCommission(address token) internal view override returns (uint256) {
        return _commission[token];
    }
}
