// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title RefundUnderflows
/// @notice BROKEN ON PURPOSE. The refund is what is left after all that is proven, and a job that
/// has proven more than its deposit pays for cannot be ended.
/// @dev Imitates: arithmetic that is safe because it reverts, on the only way out. Caught by
/// INV-END-TOTAL with a proof beyond the deposit and an end.
contract RefundUnderflows is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _refundOf(Job storage j) internal view override returns (uint256) {
        return j.deposit - _grossOf(j, j.provenTokens);
    }
}
