// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title TreasuryShareOfDeposit
/// @notice BROKEN ON PURPOSE. The treasury's share is that of the whole deposit, as far as what is
/// billed goes, instead of that of what is billed.
/// @dev Imitates: a percentage taken of the wrong base. Caught by INV-SPLIT-EXACT with one proof.
contract TreasuryShareOfDeposit is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _hostShareOf(Job storage j, uint256 gross) internal view override returns (uint256) {
        uint256 fee = j.deposit - super._hostShareOf(j, j.deposit);
        return gross > fee ? gross - fee : 0;
    }
}
