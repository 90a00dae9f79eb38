// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title UnsetSessionKey
/// @notice BROKEN ON PURPOSE. A user may name a key that signs in its place; as long as it has
/// named none, a signature that nobody made passes as that of this key.
/// @dev Imitates: recovery of a broken signature gives the zero address, and so does an entry that
/// was never set. Caught by INV-RECEIPT-BINDING with an empty receipt.
contract UnsetSessionKey is TokenJobHardened {
    mapping(address user => address) public sessionKeyOf;

    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _isReceipt(
        bytes32 id,
        Job storage j,
        uint128 cumulativeTokens,
        bytes calldata receipt
    ) internal view override returns (bool) {
        address signer = _signerOf(id, cumulativeTokens, receipt);
        return signer == j.user || signer == sessionKeyOf[j.user];
    }
}
