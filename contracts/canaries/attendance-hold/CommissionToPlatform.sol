// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title CommissionToPlatform
/// @notice BROKEN ON PURPOSE. The commission goes to the platform, which is to hand it on.
/// @dev Imitates: affiliate programmes whose shares were collected and never passed on. Caught by
/// INV-REFERRER with a referrer and a release.
contract CommissionToPlatform is AttendanceHoldHardened {
    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _commissionOwner(Hold storage) internal view override returns (address) {
        return platform;
    }

    function _payCommission(bytes32 id, Hold storage h, uint256 amount) internal override {
        uint128 deferred = _pushOrDefer(id, h, platform, amount);
        if (deferred > 0) h.claimPlatform += deferred;
    }
}
