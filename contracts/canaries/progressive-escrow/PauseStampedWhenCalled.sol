// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title PauseStampedWhenCalled
/// @notice BROKEN ON PURPOSE. A pause counts from its call even when nothing was heard for long
/// before it.
/// @dev Imitates: a clock that is stopped by hand; the one who stays on the line lets it run
/// through the silence of the other. Caught by INV-MONEY-FOLLOWS-TIME at the completion of the
/// paused session.
contract PauseStampedWhenCalled is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function pause(bytes32 id) external override nonReentrant {
        Session storage s = _requireActiveFor(id);
        _pause(id, s, block.timestamp, _pauseCalledAt(s));
    }
}
