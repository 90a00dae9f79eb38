// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title DepositOverwrites
/// @notice BROKEN ON PURPOSE. A second deposit for a session that waits for its start replaces the
/// first on the books, whose money is nobody's from then on.
/// @dev Imitates: `escrows[id] = Escrow(...)` without a look at what was there. Caught by
/// INV-SINGLE-USE.
contract DepositOverwrites is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _requireUnused(bytes32 id, Session storage s) internal view override {
        if (s.status > Status.Funded) revert SessionExists(id);
    }
}
