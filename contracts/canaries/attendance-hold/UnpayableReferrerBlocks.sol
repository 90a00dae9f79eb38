// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title UnpayableReferrerBlocks
/// @notice BROKEN ON PURPOSE. A share that cannot be paid takes the whole release down with it.
/// @dev Imitates: push payments without a way out, where a single blocklisted address froze the
/// agreement. Caught by INV-RECIPIENT-ISOLATION with a token that refuses the referrer, and a
/// release.
contract UnpayableReferrerBlocks is AttendanceHoldHardened {
    using SafeERC20 for IERC20;

    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _pushOrDefer(
        bytes32,
        Hold storage h,
        address owner,
        uint256 amount
    ) internal override returns (uint128) {
        if (amount > 0) IERC20(h.token).safeTransfer(owner, amount);
        return 0;
    }
}
