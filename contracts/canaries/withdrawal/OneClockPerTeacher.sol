// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title OneClockPerTeacher
/// @notice BROKEN ON PURPOSE. Keeps the time of the newest approval of each teacher instead of one
/// for each withdrawal.
/// @dev Imitates: state that belongs to an agreement but is keyed by user. Caught by INV-ISOLATION:
/// an approval moves the time of another withdrawal of the same teacher.
contract OneClockPerTeacher is WithdrawalHardened {
    mapping(address teacher => uint64) private _approvedAtOf;

    constructor(Config memory config) WithdrawalHardened(config) {}

    function withdrawal(bytes32 id) external view override returns (Withdrawal memory copy) {
        copy = _withdrawals[id];
        if (copy.status != Status.None) copy.approvedAt = _approvedAtOf[copy.teacher];
    }

    function _startProcessing(Withdrawal storage w) internal override {
        super._startProcessing(w);
        _approvedAtOf[w.teacher] = w.approvedAt;
    }

    function _processingUntil(Withdrawal storage w) internal view override returns (uint256) {
        return uint256(_approvedAtOf[w.teacher]) + processingTimeoutSeconds;
    }
}
