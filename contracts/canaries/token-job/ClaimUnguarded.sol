// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title ClaimUnguarded
/// @notice BROKEN ON PURPOSE. A claim clears its amount first and therefore has no guard.
/// @dev Imitates: one line of defence taken for enough. The claim itself is safe; what it can be
/// called in the middle of is not known to it. Caught by INV-REENTRY with 2 actions: approve and
/// create over the re-entrant token.
contract ClaimUnguarded is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function claim(bytes32 id, address to) external override {
        Job storage j = _jobs[id];
        uint256 amount = j.claimUser;
        if (msg.sender != j.user || amount == 0) revert NothingToClaim(msg.sender);
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);

        j.claimUser = 0;
        emit Claimed(id, msg.sender, to, amount);
        if (!_tryPay(IERC20(j.token), to, amount)) revert ClaimFailed(to, amount);
    }
}
