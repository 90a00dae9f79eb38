// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowHardened} from "../../src/session-escrow/SessionEscrowHardened.sol";

/// @title PingUnchecked
/// @notice BROKEN ON PURPOSE. Any bytes pass for a signature.
/// @dev Imitates: a failed signature recovery that is compared with nothing. Caught by INV-BINDING
/// with a forged ping.
contract PingUnchecked is SessionEscrowHardened {
    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_
    ) SessionEscrowHardened(deployment, evidenceWindowSeconds_) {}

    function _isSignedBy(bytes32, address, Ping calldata) internal pure override returns (bool) {
        return true;
    }
}
