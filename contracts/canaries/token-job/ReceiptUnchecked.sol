// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title ReceiptUnchecked
/// @notice BROKEN ON PURPOSE. Any bytes pass for a receipt.
/// @dev Imitates: a signature that is carried along and never verified. Caught by
/// INV-RECEIPT-BINDING with a forged receipt.
contract ReceiptUnchecked is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _isReceipt(
        bytes32,
        Job storage,
        uint128,
        bytes calldata
    ) internal pure override returns (bool) {
        return true;
    }
}
