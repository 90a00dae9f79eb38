// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title ReceiptOfAnotherNumber
/// @notice BROKEN ON PURPOSE. A receipt proves one model token more than the number that was
/// signed.
/// @dev Imitates: a count that starts at zero on one side and at one on the other. Caught by
/// INV-RECEIPT-BINDING with a receipt for another number.
contract ReceiptOfAnotherNumber is TokenJobHardened {
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
        return super._isReceipt(id, j, cumulativeTokens, receipt)
            || super._isReceipt(id, j, cumulativeTokens - 1, receipt);
    }
}
