// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title FailureFee
/// @notice BROKEN ON PURPOSE. A payment that the bank could not make costs the teacher a hundredth
/// of it, which the platform keeps.
/// @dev Imitates: fees for returned payments, taken from whoever cannot refuse. Caught by
/// INV-RESTORE with an approval and a failure.
contract FailureFee is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _void(Withdrawal storage w) internal override {
        super._void(w);
        if (w.status != Status.Failed) return;
        uint256 keep = w.amount / 100;
        _available[w.teacher][w.token] -= keep;
        _commission[w.token] += keep;
    }
}
