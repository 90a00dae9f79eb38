// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title EarningsOfLastProof
/// @notice BROKEN ON PURPOSE. Each credit replaces what the host had on account instead of adding
/// to it.
/// @dev Imitates: `=` where `+=` was meant, unseen as long as every host had one proof. Caught by
/// INV-EARNINGS with two proofs.
contract EarningsOfLastProof is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _credit(
        Job storage j,
        uint256 hostAmount,
        uint256 treasuryAmount
    ) internal override {
        _earnings[j.host][j.token] = 0;
        super._credit(j, hostAmount, treasuryAmount);
    }
}
