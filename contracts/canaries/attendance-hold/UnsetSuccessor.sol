// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title UnsetSuccessor
/// @notice BROKEN ON PURPOSE. An attestation also counts if the attestor's successor has signed it,
/// and nobody has named one: an unreadable signature passes as that of the zero address.
/// @dev Imitates: signatures checked against a signer that was never set. Caught by INV-BINDING
/// with an empty attestation.
contract UnsetSuccessor is AttendanceHoldHardened {
    address private _successor;

    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _isAttestor(
        bytes32 digest,
        bytes calldata attestation
    ) internal view override returns (bool) {
        address signer = _signerOf(digest, attestation);
        return signer == attestor || signer == _successor;
    }
}
