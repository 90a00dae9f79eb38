// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title DepositAfterClose
/// @notice BROKEN ON PURPOSE. An id is free again once its session has ended, so that old joins,
/// pings and signatures count for the new one.
/// @dev Imitates: replay of agreements whose identifier or nonce was recycled. Caught by
/// INV-SINGLE-USE.
contract DepositAfterClose is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _requireUnused(bytes32 id, Session storage s) internal view override {
        if (s.status != Status.Idle && s.status < Status.Closed) revert SessionExists(id);
    }
}
