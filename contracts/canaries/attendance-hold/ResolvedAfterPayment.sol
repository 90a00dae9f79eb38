// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title ResolvedAfterPayment
/// @notice BROKEN ON PURPOSE. Pays first, marks the hold as resolved afterwards, and has no guard:
/// a token with a hook can have the same hold processed again from inside the payment.
/// @dev Imitates: the oldest of all, state changed after the external call. Caught by INV-SOLVENCY:
/// the second payment comes from what is held for others. With the re-entrant token, armed with
/// `process(id)`, two holds, a finish, and a `process` by anyone.
contract ResolvedAfterPayment is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function process(bytes32 id) external override {
        _process(id, _holds[id]);
    }

    function _release(bytes32 id, Hold storage h) internal override {
        uint256 commission = _commissionOf(h);
        uint256 teacherAmount = h.price - commission;
        emit Released(id, teacherAmount, commission, commission == 0 ? address(0) : h.referrer);
        _payTeacher(id, h, teacherAmount);
        _payCommission(id, h, commission);
        h.status = Status.Released;
    }

    function _refund(bytes32 id, Hold storage h) internal override {
        emit Refunded(id, h.price);
        h.claimStudent += _pushOrDefer(id, h, h.student, h.price);
        h.status = Status.Refunded;
    }
}
