// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowBase} from "./SessionEscrowBase.sol";

/// @title SessionEscrowAsDescribed
/// @notice The session escrow as its description has it: the bill runs until the block that
/// includes `stop`, or until the deposit is used up.
/// @dev The contract cannot see when a peer dropped. Between the drop and the block of the stop lie
/// detection, the relayer and inclusion, and the student pays for all three: this is the leakage
/// that the hardened policy bounds.
contract SessionEscrowAsDescribed is SessionEscrowBase {
    constructor(Deployment memory deployment) SessionEscrowBase(deployment) {}

    /// @notice Ends the session and fixes the bill at now, or at the cap if that came first.
    /// Student, tutor and relayer at any time; anyone once the deposit is used up.
    function stop(bytes32 id) external virtual nonReentrant {
        Session storage s = _sessions[id];
        _requireStoppable(s);
        _requireMayStop(s);
        _stop(id, s, _billableUntil(s));
    }

    function _requireStoppable(Session storage s) internal view virtual {
        if (s.status != Status.Active) revert NotActive(s.status);
    }
}
