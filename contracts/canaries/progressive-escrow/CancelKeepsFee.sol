// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title CancelKeepsFee
/// @notice BROKEN ON PURPOSE. A session that never ran is refunded less the fee.
/// @dev Imitates: a fee on money that was never earned. Caught by INV-NO-SHOW-REFUND.
contract CancelKeepsFee is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _refundOfCancel(Session storage s) internal view override returns (uint256) {
        uint256 refund = super._refundOfCancel(s);
        return refund - _feeOf(refund);
    }
}
