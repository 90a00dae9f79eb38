// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title ApprovalUnguarded
/// @notice BROKEN ON PURPOSE. An approval pays nobody, so nobody guarded it.
/// @dev Imitates: a guard on the functions that move tokens and on no other, so that a hook can
/// move money of a teacher from one account to the other while it is being paid in. Caught by
/// INV-REENTRY with 1 action: a credit of the re-entrant token.
contract ApprovalUnguarded is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function approve(bytes32 id) external override {
        Withdrawal storage w = _withdrawals[id];
        _requirePending(w);
        _requireMayAnswer(w);
        w.status = Status.Processing;
        _startProcessing(w);
        _approved(w);
        emit Approved(id, msg.sender);
    }
}
