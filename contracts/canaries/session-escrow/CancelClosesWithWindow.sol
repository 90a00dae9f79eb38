// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title CancelClosesWithWindow
/// @notice BROKEN ON PURPOSE. Nobody can cancel after the start window, when nobody can join
/// either: the deposit is locked for ever.
/// @dev Imitates: two deadlines that leave a state without an exit. Caught by INV-NO-SHOW-REFUND.
contract CancelClosesWithWindow is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _requireCancellable(Session storage s) internal view override {
        super._requireCancellable(s);
        uint256 until = _startWindowEnd(s);
        if (block.timestamp > until) revert StartWindowOver(until);
    }
}
