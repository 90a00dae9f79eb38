// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title EarningsWithoutToken
/// @notice BROKEN ON PURPOSE. Earnings are kept per host, whatever token they were made in.
/// @dev Imitates: balances of several assets in one mapping, where a worthless token bought the
/// valuable one. Caught by INV-SOLVENCY: what a host has earned in one token is owed in another as
/// well.
contract EarningsWithoutToken is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function earnings(address host, address) public view override returns (uint256) {
        return _earnings[host][address(0)];
    }

    function _credit(
        Job storage j,
        uint256 hostAmount,
        uint256 treasuryAmount
    ) internal override {
        _earnings[j.host][address(0)] += hostAmount;
        super._credit(j, 0, treasuryAmount);
    }

    function _takeEarnings(Job storage j) internal override returns (uint256 amount) {
        amount = _earnings[j.host][address(0)];
        _earnings[j.host][address(0)] = 0;
    }
}
