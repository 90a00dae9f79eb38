// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title TreasuryNotCredited
/// @notice BROKEN ON PURPOSE. The treasury's share is taken off what is billed and credited to
/// nobody.
/// @dev Imitates: protocol fees that were subtracted but never booked, and stayed in the contract
/// for ever. Caught by INV-CONSERVATION with the first proof.
contract TreasuryNotCredited is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _credit(Job storage j, uint256 hostAmount, uint256) internal override {
        super._credit(j, hostAmount, 0);
    }
}
