// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title CreditByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can credit a teacher, from the allowance that the platform has
/// given.
/// @dev Imitates: allowances without limit, spent by whoever names their owner. Caught by
/// INV-STRANGER-HARMLESS with a credit by a stranger.
contract CreditByAnyone is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function credit(address teacher, address token, uint128 gross) external override nonReentrant {
        if (gross == 0) revert ZeroAmount();
        uint256 commission = _commissionOn(gross);
        _earn(teacher, token, gross - commission, commission);
        emit Credited(teacher, token, gross, commission);
        _pull(IERC20(token), platform, gross);
    }
}
