// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title RejectionKeepsReserve
/// @notice BROKEN ON PURPOSE. A rejection gives nothing back: the amount stays reserved for ever.
/// @dev Imitates: compensation that was written for the one failure which a test had shown. Caught
/// by INV-RESTORE with a request and its rejection.
contract RejectionKeepsReserve is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _rejected(Withdrawal storage) internal override {}
}
