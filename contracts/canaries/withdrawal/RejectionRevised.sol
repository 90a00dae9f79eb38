// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title RejectionRevised
/// @notice BROKEN ON PURPOSE. A rejected request can still be approved, though its amount went back
/// to the balance.
/// @dev Imitates: admin pages whose buttons stay after the decision. Caught by INV-SETTLE-ONCE with
/// a rejection and an approval.
contract RejectionRevised is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requirePending(Withdrawal storage w) internal view override {
        if (w.status != Status.Rejected) super._requirePending(w);
    }
}
