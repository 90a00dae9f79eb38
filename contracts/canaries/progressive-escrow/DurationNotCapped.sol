// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title DurationNotCapped
/// @notice BROKEN ON PURPOSE. Time beyond the agreed length is sold as well.
/// @dev Imitates: meters without a stop; a session that nobody closes costs more than was locked
/// for it. Caught by INV-CAP with a release after the end.
contract DurationNotCapped is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _entitlement(Session storage s) internal view override returns (uint256) {
        uint256 ran = _until(s) - s.startedAt - s.pausedSeconds;
        return (uint256(s.totalAmount) * progressiveBps * ran) / (BPS * _durationSeconds(s));
    }
}
