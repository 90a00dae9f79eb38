// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title ReceiptOfAnyJob
/// @notice BROKEN ON PURPOSE. A receipt counts in every job of its signer, not only in the one that
/// it was signed for.
/// @dev Imitates: signatures that do not bind the agreement, replayed in another one. The clients
/// sign the full message, so the missing binding is rebuilt by trying all jobs that the contract
/// knows. Caught by INV-RECEIPT-BINDING with a receipt for another job.
contract ReceiptOfAnyJob is TokenJobHardened {
    bytes32[] private _known;

    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function createSession(Terms calldata terms) public override returns (bytes32 id) {
        id = super.createSession(terms);
        _known.push(id);
    }

    function _isReceipt(
        bytes32,
        Job storage j,
        uint128 cumulativeTokens,
        bytes calldata receipt
    ) internal view override returns (bool) {
        for (uint256 i = 0; i < _known.length; i++) {
            if (super._isReceipt(_known[i], j, cumulativeTokens, receipt)) return true;
        }
        return false;
    }
}
