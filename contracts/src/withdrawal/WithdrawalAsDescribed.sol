// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {WithdrawalBase} from "./WithdrawalBase.sol";

/// @title WithdrawalAsDescribed
/// @notice The withdrawal as its description has it: the balance is checked at the request and
/// deducted at the approval, and an approved request has one way on: an admin says that the bank
/// has paid.
/// @dev What follows from it. The same money can be asked for again until a request over it is
/// approved. A balance does not fall below zero, so what could not be deducted is paid from what
/// belongs to others. What the bank could not pay stays deducted. The bank's reference is a note
/// that nobody compares.
contract WithdrawalAsDescribed is WithdrawalBase {
    /// @notice Thrown by every attempt to take a request back or to say that the bank has failed.
    error NoWayBack();

    constructor(Config memory config) WithdrawalBase(config) {}

    /// @notice There is no such thing: always refused.
    function bankFailed(bytes32) external virtual {
        revert NoWayBack();
    }

    /// @notice There is no such thing: always refused.
    function cancel(bytes32) external virtual {
        revert NoWayBack();
    }

    function _requireMayComplete() internal view virtual override {
        _requireAdmin();
    }

    /// @dev Nothing is reserved.
    function _requested(Withdrawal storage) internal virtual override {}

    /// @dev All of an approved amount is owed, however little could be deducted for it.
    function _approved(Withdrawal storage w) internal virtual override {
        uint256 available = _available[w.teacher][w.token];
        _available[w.teacher][w.token] = Math.saturatingSub(available, w.amount);
        _pending[w.teacher][w.token] += w.amount;
    }

    /// @dev Nothing was taken, so nothing comes back.
    function _rejected(Withdrawal storage) internal virtual override {}
}
