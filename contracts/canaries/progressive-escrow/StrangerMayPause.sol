// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title StrangerMayPause
/// @notice BROKEN ON PURPOSE. Anyone may interrupt a running session.
/// @dev Imitates: a missing modifier on the one function that seemed to move no money; a passer-by
/// stops every lesson. Caught by INV-STRANGER-HARMLESS.
contract StrangerMayPause is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function pause(bytes32 id) external override nonReentrant {
        Session storage s = _sessions[id];
        if (s.status != Status.Active) revert NotActive(s.status);
        _pause(id, s, _until(s), _pauseCalledAt(s));
    }
}
