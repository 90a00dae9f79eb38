// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title ReceiptOfEitherParty
/// @notice BROKEN ON PURPOSE. The host's signature is as good as the user's.
/// @dev Imitates: a check that the signer takes part, where it had to be one certain party. Caught
/// by INV-RECEIPT-BINDING with a receipt that the host has signed.
contract ReceiptOfEitherParty is TokenJobHardened {
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
        return signer == j.user || signer == j.host;
    }
}
