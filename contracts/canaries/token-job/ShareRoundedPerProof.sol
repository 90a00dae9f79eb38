// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title ShareRoundedPerProof
/// @notice BROKEN ON PURPOSE. Rounds the host's share of each proof by itself, so that the host
/// loses up to one unit with every proof.
/// @dev Imitates: fees computed per instalment, whose rounding adds up with the number of
/// instalments. Caught by INV-SPLIT-EXACT with two proofs at a small price.
contract ShareRoundedPerProof is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _hostShareOf(Job storage j, uint256 gross) internal view override returns (uint256) {
        uint256 added = gross - _grossOf(j, j.billedTokens);
        return j.hostAmount + super._hostShareOf(j, added);
    }
}
