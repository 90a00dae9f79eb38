// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title CompletionUnderflows
/// @notice BROKEN ON PURPOSE. A completion takes what was released off what was earned, and fails
/// when it is more.
/// @dev Imitates: checked subtraction as a denial of service: once the owner has released anything
/// early, the session cannot be closed. Caught by INV-COMPLETE-TOTAL after an emergency release.
contract CompletionUnderflows is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _finalShares(
        Session storage s
    ) internal view override returns (uint256 gross, uint256 refund) {
        uint256 earned = (s.totalAmount * _effectiveSeconds(s)) / _durationSeconds(s);
        gross = earned - s.released;
        refund = s.totalAmount - earned;
    }
}
