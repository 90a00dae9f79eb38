// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title BankByOrigin
/// @notice BROKEN ON PURPOSE. The bank is recognised by who has signed the transaction, the end is
/// booked after the payment, as far as there is anything to book, and nothing guards against
/// re-entrancy: a token with a hook completes the withdrawal once more from inside the payment.
/// @dev Imitates: checks of `tx.origin`, which every contract passes that its victim calls; and
/// state changed after the external call. Caught by INV-PAID-ONCE with the re-entrant token, an
/// approval and a completion.
contract BankByOrigin is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function complete(bytes32 id, uint256 bankReference) external override {
        Withdrawal storage w = _withdrawals[id];
        _requireProcessing(w);
        _requireMayComplete();
        _useReference(w, bankReference);
        emit Completed(id, msg.sender, bankReference, w.amount);
        _payBank(id, w, w.amount);
        _post(w);
        w.status = Status.Completed;
    }

    function _requireMayComplete() internal view override {
        if (tx.origin != bank) revert NotBank(tx.origin, bank);
    }

    function _post(Withdrawal storage w) internal override {
        uint256 pending = _pending[w.teacher][w.token];
        _pending[w.teacher][w.token] = Math.saturatingSub(pending, w.amount);
    }
}
