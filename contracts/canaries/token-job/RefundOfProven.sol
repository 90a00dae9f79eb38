// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title RefundOfProven
/// @notice BROKEN ON PURPOSE. The refund is what is left after all that is proven, billed or not,
/// so what does not buy a whole model token stays behind.
/// @dev Imitates: two notions of what is owed in one contract, and dust between them. Caught by
/// INV-DUST with a proof beyond a deposit that the price does not divide.
contract RefundOfProven is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _refundOf(Job storage j) internal view override returns (uint256) {
        return Math.saturatingSub(j.deposit, _grossOf(j, j.provenTokens));
    }
}
