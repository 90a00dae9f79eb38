// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title WithdrawalByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can have a host's earnings paid out, to wherever he says.
/// @dev Imitates: a withdrawal whose recipient was the caller once, and kept no check of the caller
/// when it got a parameter. Caught by INV-STRANGER-HARMLESS with a withdrawal by a stranger.
contract WithdrawalByAnyone is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function withdrawEarnings(bytes32 id, address to) external override nonReentrant {
        Job storage j = _jobs[id];
        if (j.status == Status.None) revert NotFound(id);
        uint256 amount = _takeEarnings(j);
        _requirePayable(amount, to);
        emit EarningsWithdrawn(id, j.host, j.token, to, amount);
        if (!_tryPay(IERC20(j.token), to, amount)) revert WithdrawFailed(to, amount);
    }
}
