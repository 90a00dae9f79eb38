// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title RedeliveryCounted
/// @notice BROKEN ON PURPOSE. A record that is delivered again counts again.
/// @dev Imitates: consumers of a queue that delivers at least once, without a key to tell what is
/// new. Caught by INV-EVENT-ONCE with the same record twice.
contract RedeliveryCounted is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _requireNext(Hold storage h, uint32 index) internal view override {
        if (index > h.intervals) revert WrongIndex(index, h.intervals);
    }

    function _earliestJoin(Hold storage h) internal view override returns (uint256) {
        return h.startsAt;
    }
}
