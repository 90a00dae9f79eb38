// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title CredentialForBoth
/// @notice BROKEN ON PURPOSE. The tutor gets a credential of the same session as well, in the same
/// series.
/// @dev Imitates: mints that are called once for each party of an order. Caught by
/// INV-CREDENTIAL-ONCE with a session that was long enough.
contract CredentialForBoth is MatchmakingHardened {
    bool private _isForTutor;

    constructor(Config memory config) MatchmakingHardened(config) {}

    function _mint(bytes32 id, Request storage r) internal override {
        super._mint(id, r);
        _isForTutor = true;
        super._mint(id, r);
        _isForTutor = false;
    }

    function _credentialOwner(Request storage r) internal view override returns (address) {
        return _isForTutor ? r.tutor : super._credentialOwner(r);
    }

    function _credentialIdOf(bytes32 id, uint32 number) internal pure override returns (uint256) {
        return uint256(keccak256(abi.encode(id, number)));
    }
}
