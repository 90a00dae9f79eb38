// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title FeeLost
/// @notice BROKEN ON PURPOSE. The fee is taken from the tutor and paid to nobody.
/// @dev Imitates: protocol fees that were subtracted but never credited, and stayed in the contract
/// for ever. Caught by INV-CONSERVATION.
contract FeeLost is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _pushOrDefer(
        bytes32 id,
        Session storage s,
        address owner,
        uint256 amount
    ) internal override returns (uint128) {
        return owner == feeRecipient ? 0 : super._pushOrDefer(id, s, owner, amount);
    }
}
