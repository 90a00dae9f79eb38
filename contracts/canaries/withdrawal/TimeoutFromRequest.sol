// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title TimeoutFromRequest
/// @notice BROKEN ON PURPOSE. The bank's time runs from the request, so that an approval that comes
/// late leaves it none.
/// @dev Imitates: timeouts that start before the work can. Caught by INV-BANK-WINDOW with a late
/// approval and a cancellation after it.
contract TimeoutFromRequest is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _processingUntil(Withdrawal storage w) internal view override returns (uint256) {
        return uint256(w.requestedAt) + processingTimeoutSeconds;
    }
}
