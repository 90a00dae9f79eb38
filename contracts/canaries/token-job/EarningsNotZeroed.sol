// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title EarningsNotZeroed
/// @notice BROKEN ON PURPOSE. A withdrawal leaves the account as it was, so that the same earnings
/// can be withdrawn again.
/// @dev Imitates: balances that were read before a payment and never written after it. Caught by
/// INV-EARNINGS with one withdrawal.
contract EarningsNotZeroed is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _takeEarnings(Job storage j) internal view override returns (uint256) {
        return _earnings[j.host][j.token];
    }
}
