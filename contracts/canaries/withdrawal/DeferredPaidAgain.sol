// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title DeferredPaidAgain
/// @notice BROKEN ON PURPOSE. A deferred payment stays on the books when the bank claims it, and
/// can be claimed again.
/// @dev Imitates: claims that are looked up and not cleared. Caught by INV-PAID-ONCE with a token
/// that refuses the bank, a completion, and a claim to another address.
contract DeferredPaidAgain is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _takeClaim(Withdrawal storage w) internal view override returns (uint256) {
        return msg.sender == bank ? w.claimBank : 0;
    }
}
