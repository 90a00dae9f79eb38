// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IWithdrawal} from "src/withdrawal/IWithdrawal.sol";

import {Claims} from "./Claims.sol";
import {Handler} from "./Handler.sol";
import {vm} from "./Vm.sol";
import {WithdrawalHandler} from "./WithdrawalHandler.sol";

/// @title WithdrawalClaims
/// @notice Meterproof's claims about withdrawal as Foundry invariants.
contract WithdrawalClaims is Claims {
    function _start(bytes memory code, bool isHardened) internal override returns (Handler) {
        address[] memory admins = new address[](2);
        (admins[0], admins[1]) = (vm.addr(4), vm.addr(5));
        IWithdrawal.Config memory config = IWithdrawal.Config({
            admins: admins,
            bank: vm.addr(6),
            platform: vm.addr(7),
            minimumUnits: 50,
            processingTimeoutSeconds: 600,
            commissionBps: 3_333
        });
        address subject = _deployed(bytes.concat(code, abi.encode(config)));
        return new WithdrawalHandler(subject, isHardened, config);
    }

    function invariant_conservation() external view {
        _holds("INV-CONSERVATION");
    }

    function invariant_solvency() external view {
        _holds("INV-SOLVENCY");
    }

    function invariant_earned() external view {
        _holds("INV-EARNED");
    }

    function invariant_reserved() external view {
        _holds("INV-RESERVED");
    }

    function invariant_books() external view {
        _holds("INV-BOOKS");
    }

    function invariant_fee() external view {
        _holds("INV-FEE");
    }

    function invariant_minimum() external view {
        _holds("INV-MINIMUM");
    }

    function invariant_paidOnce() external view {
        _holds("INV-PAID-ONCE");
    }

    function invariant_restore() external view {
        _holds("INV-RESTORE");
    }

    function invariant_singleUse() external view {
        _holds("INV-SINGLE-USE");
    }

    function invariant_reference() external view {
        _holds("INV-REFERENCE");
    }

    function invariant_settleOnce() external view {
        _holds("INV-SETTLE-ONCE");
    }

    function invariant_admin() external view {
        _holds("INV-ADMIN");
    }

    function invariant_isolation() external view {
        _holds("INV-ISOLATION");
    }

    function invariant_bankWindow() external view {
        _holds("INV-BANK-WINDOW");
    }

    function invariant_exit() external view {
        _holds("INV-EXIT");
    }

    function invariant_recipientIsolation() external view {
        _holds("INV-RECIPIENT-ISOLATION");
    }

    function invariant_strangerHarmless() external view {
        _holds("INV-STRANGER-HARMLESS");
    }
}
