// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionEscrowHardened} from "../../src/session-escrow/SessionEscrowHardened.sol";

/// @title PingOfAnySession
/// @notice BROKEN ON PURPOSE. A ping counts in every session of its signer, not only in the one
/// that it was signed for.
/// @dev Imitates: signatures that do not bind the agreement, replayed in another one. The clients
/// sign the full message, so the missing binding is rebuilt by trying all sessions that the
/// contract knows. Caught by INV-BINDING with a ping of another session.
contract PingOfAnySession is SessionEscrowHardened {
    bytes32[] private _known;

    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_
    ) SessionEscrowHardened(deployment, evidenceWindowSeconds_) {}

    function deposit(
        Terms calldata terms,
        uint128 amount
    ) public override returns (bytes32 id) {
        id = super.deposit(terms, amount);
        _known.push(id);
    }

    function _isSignedBy(
        bytes32,
        address party,
        Ping calldata ping
    ) internal view override returns (bool) {
        for (uint256 i = 0; i < _known.length; i++) {
            if (super._isSignedBy(_known[i], party, ping)) return true;
        }
        return false;
    }
}
