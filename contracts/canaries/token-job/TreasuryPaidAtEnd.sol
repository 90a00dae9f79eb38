// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title TreasuryPaidAtEnd
/// @notice BROKEN ON PURPOSE. The end pays the treasury's share out, and reverts when it cannot.
/// @dev Imitates: fees that are pushed along with everything else, to an address that a blocklist
/// has reached. Caught by INV-END-TOTAL with a token that refuses the treasury, a proof and an end.
contract TreasuryPaidAtEnd is TokenJobHardened {
    using SafeERC20 for IERC20;

    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _settle(bytes32 id, Job storage j, Status over) internal override {
        uint256 share = _takeTreasury(j);
        if (share > 0) IERC20(j.token).safeTransfer(treasury, share);
        super._settle(id, j, over);
    }
}
