// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title ProgressivePartForgotten
/// @notice BROKEN ON PURPOSE. Releases the whole price while the session runs; nothing is held
/// back.
/// @dev Imitates: a parameter that is stored, shown and not used, so that the student has no say
/// left at the end. Caught by INV-PROGRESSIVE-CAP once most of the time has passed.
contract ProgressivePartForgotten is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _entitlement(Session storage s) internal view override returns (uint256) {
        return (s.totalAmount * _effectiveSeconds(s)) / _durationSeconds(s);
    }
}
