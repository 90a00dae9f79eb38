// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {AttendanceHoldHardened} from "../../src/attendance-hold/AttendanceHoldHardened.sol";

/// @title AttestationOfPredecessor
/// @notice BROKEN ON PURPOSE. Attestations that were signed for the contract before this one still
/// count.
/// @dev Imitates: migrations that kept the old domain valid, so that what was signed for one
/// deployment could be replayed in the next. Caught by INV-BINDING with the end of a session,
/// signed for another contract.
contract AttestationOfPredecessor is AttendanceHoldHardened {
    /// @dev The other contract that attestations of campaigns are for.
    address private constant PREDECESSOR = 0x0C0c0C0c0c0c0c0c0c0c0C0C0C0c0c0C0c0c0c0c;
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    constructor(Config memory config) AttendanceHoldHardened(config) {}

    function _isFinish(
        bytes32 id,
        uint64 endedAt,
        bytes calldata attestation
    ) internal view override returns (bool) {
        if (super._isFinish(id, endedAt, attestation)) return true;
        bytes32 separator = keccak256(
            abi.encode(
                DOMAIN_TYPEHASH,
                keccak256("MeterproofAttendance"),
                keccak256("1"),
                block.chainid,
                PREDECESSOR
            )
        );
        bytes32 content = keccak256(abi.encode(FINISH_TYPEHASH, id, endedAt));
        bytes32 digest = MessageHashUtils.toTypedDataHash(separator, content);
        return _isAttestor(digest, attestation);
    }
}
