// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title UnpayableUserBlocksEnd
/// @notice BROKEN ON PURPOSE. A refund that cannot be paid takes the end of the job down with it.
/// @dev Imitates: push payments without a way out, where a single blocklisted address froze the
/// agreement. Caught by INV-RECIPIENT-ISOLATION with a token that refuses the user.
contract UnpayableUserBlocksEnd is TokenJobHardened {
    using SafeERC20 for IERC20;

    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _pushOrDefer(
        bytes32,
        Job storage j,
        uint256 amount
    ) internal override returns (uint128) {
        if (amount > 0) IERC20(j.token).safeTransfer(j.user, amount);
        return 0;
    }
}
