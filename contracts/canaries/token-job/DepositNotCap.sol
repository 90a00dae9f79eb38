// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {TokenJobAsDescribed} from "../../src/token-job/TokenJobAsDescribed.sol";

/// @title DepositNotCap
/// @notice BROKEN ON PURPOSE. Bills everything that is proven, whatever the user has paid in; what
/// is beyond the deposit comes out of the deposits of others.
/// @dev Imitates: credit that is bounded by what is claimed and not by what was received. Caught by
/// INV-CAP with a proof beyond the deposit.
contract DepositNotCap is TokenJobAsDescribed {
    constructor(
        uint16 hostBps_,
        address treasury_
    ) TokenJobAsDescribed(hostBps_, treasury_) {}

    function _billable(Job storage, uint128 tokens) internal pure override returns (uint128) {
        return tokens;
    }

    function _refundOf(Job storage j) internal view override returns (uint256) {
        return Math.saturatingSub(j.deposit, _grossOf(j, j.billedTokens));
    }
}
