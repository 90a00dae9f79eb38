// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowCrediting} from "../../src/end-to-end/SessionEscrowCrediting.sol";

/// @title ShareShort
/// @notice BROKEN ON PURPOSE. One base unit of each share stays behind when it is credited.
/// @dev Imitates: a share that is reckoned a second time on the other side, with another rounding.
/// Caught by INV-E2E-CONSERVATION at the settlement: the unit is in nobody's books.
contract ShareShort is SessionEscrowCrediting {
    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_,
        address matchmaking_,
        address withdrawal_
    ) SessionEscrowCrediting(deployment, evidenceWindowSeconds_, matchmaking_, withdrawal_) {}

    function _credit(address tutor, address token, uint128 amount) internal override {
        super._credit(tutor, token, amount - 1);
    }
}
