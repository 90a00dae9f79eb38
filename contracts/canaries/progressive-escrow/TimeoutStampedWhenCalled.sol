// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title TimeoutStampedWhenCalled
/// @notice BROKEN ON PURPOSE. A pause by timeout begins when somebody reports it, so the silence
/// before is sold.
/// @dev Imitates: timeouts that take the clock of the caller; who reports late moves the line.
/// Caught by INV-TIMEOUT-STAMP.
contract TimeoutStampedWhenCalled is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _timeoutStamp(Session storage) internal view override returns (uint256) {
        return block.timestamp;
    }
}
