// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title ReservedAtApproval
/// @notice BROKEN ON PURPOSE. An approval checks and takes the balance, a request only looks at it.
/// So what is asked for can be asked for again, until somebody approves.
/// @dev Imitates: a check in one transaction and the deduction in another. Caught by INV-RESERVED
/// with two requests over the same money.
contract ReservedAtApproval is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requested(Withdrawal storage) internal override {}

    function _approved(Withdrawal storage w) internal override {
        super._requested(w);
    }

    function _void(Withdrawal storage w) internal override {
        if (w.approvedAt > 0) super._void(w);
    }
}
