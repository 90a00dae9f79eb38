// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title GrossCredited
/// @notice BROKEN ON PURPOSE. A teacher is credited with all that is paid in, the commission
/// included.
/// @dev Imitates: payouts from the gross figure, where the fee was only ever shown. Caught by
/// INV-EARNED with a request over more than the net amount, and its approval.
contract GrossCredited is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _earn(
        address teacher,
        address token,
        uint256 net,
        uint256 commission
    ) internal override {
        super._earn(teacher, token, net + commission, commission);
    }
}
