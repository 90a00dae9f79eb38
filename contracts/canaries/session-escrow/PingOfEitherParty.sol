// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowHardened} from "../../src/session-escrow/SessionEscrowHardened.sol";

/// @title PingOfEitherParty
/// @notice BROKEN ON PURPOSE. A ping is good if one of the two parties signed it: the tutor can
/// vouch for the presence of the student.
/// @dev Imitates: signature checks against a set of allowed signers without asking which. Caught by
/// INV-BINDING with a ping of the other party.
contract PingOfEitherParty is SessionEscrowHardened {
    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_
    ) SessionEscrowHardened(deployment, evidenceWindowSeconds_) {}

    function _isSignedBy(
        bytes32 id,
        address,
        Ping calldata ping
    ) internal view override returns (bool) {
        Session storage s = _sessions[id];
        return super._isSignedBy(id, s.student, ping) || super._isSignedBy(id, s.tutor, ping);
    }
}
