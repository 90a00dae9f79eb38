// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowHardened} from "../../src/session-escrow/SessionEscrowHardened.sol";

/// @title PingOfEitherParty
/// @notice BROKEN ON PURPOSE. A ping is good if one of the two parties signed it: the tutor can
/// vouch for the presence of the student.
/// @dev Imitates: signature checks against a set of allowed signers without asking which. Caught by
/// INV-BINDING with a ping that the other party signed.
contract PingOfEitherParty is SessionEscrowHardened {
    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_
    ) SessionEscrowHardened(deployment, evidenceWindowSeconds_) {}

    function _isSignedBy(
        bytes32 id,
        address party,
        Ping calldata ping
    ) internal view override returns (bool) {
        address signer = _signerOf(id, party, ping);
        return signer == _sessions[id].student || signer == _sessions[id].tutor;
    }
}
