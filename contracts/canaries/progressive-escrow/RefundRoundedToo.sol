// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title RefundRoundedToo
/// @notice BROKEN ON PURPOSE. Earnings and refund are both rounded down, and the dust between them
/// is nobody's.
/// @dev Imitates: two divisions where a division and a difference belong. Caught by INV-DUST.
contract RefundRoundedToo is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _finalShares(
        Session storage s
    ) internal view override returns (uint256 gross, uint256 refund) {
        (gross, refund) = super._finalShares(s);
        uint256 duration = _durationSeconds(s);
        uint256 unused = (s.totalAmount * (duration - _effectiveSeconds(s))) / duration;
        refund = Math.min(refund, unused);
    }
}
