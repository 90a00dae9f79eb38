// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAttendanceHold} from "src/attendance-hold/IAttendanceHold.sol";

import {AttendanceHoldHandler} from "./AttendanceHoldHandler.sol";
import {Claims} from "./Claims.sol";
import {Handler} from "./Handler.sol";
import {vm} from "./Vm.sol";

/// @title AttendanceHoldClaims
/// @notice Meterproof's claims about attendance-hold as Foundry invariants.
contract AttendanceHoldClaims is Claims {
    function _start(bytes memory code, bool isHardened) internal override returns (Handler) {
        IAttendanceHold.Config memory config = IAttendanceHold.Config({
            attestor: vm.addr(6),
            keeper: vm.addr(7),
            platform: vm.addr(8),
            sessionSeconds: 600,
            thresholdBps: 2_000,
            commissionBps: 3_000,
            attestationWindowSeconds: 300,
            keeperWindowSeconds: 120,
            noShowSeconds: 300,
            lateAfterSeconds: 60
        });
        address subject = _deployed(bytes.concat(code, abi.encode(config)));
        return new AttendanceHoldHandler(subject, isHardened, config);
    }

    function invariant_conservation() external view {
        _holds("INV-CONSERVATION");
    }

    function invariant_solvency() external view {
        _holds("INV-SOLVENCY");
    }

    function invariant_cap() external view {
        _holds("INV-CAP");
    }

    function invariant_dust() external view {
        _holds("INV-DUST");
    }

    function invariant_fee() external view {
        _holds("INV-FEE");
    }

    function invariant_referrer() external view {
        _holds("INV-REFERRER");
    }

    function invariant_threshold() external view {
        _holds("INV-THRESHOLD");
    }

    function invariant_union() external view {
        _holds("INV-UNION");
    }

    function invariant_withinSession() external view {
        _holds("INV-WITHIN-SESSION");
    }

    function invariant_length() external view {
        _holds("INV-LENGTH");
    }

    function invariant_eventOnce() external view {
        _holds("INV-EVENT-ONCE");
    }

    function invariant_window() external view {
        _holds("INV-WINDOW");
    }

    function invariant_binding() external view {
        _holds("INV-BINDING");
    }

    function invariant_noShow() external view {
        _holds("INV-NO-SHOW");
    }

    function invariant_exit() external view {
        _holds("INV-EXIT");
    }

    function invariant_settleOnce() external view {
        _holds("INV-SETTLE-ONCE");
    }

    function invariant_singleUse() external view {
        _holds("INV-SINGLE-USE");
    }

    function invariant_isolation() external view {
        _holds("INV-ISOLATION");
    }

    function invariant_recipientIsolation() external view {
        _holds("INV-RECIPIENT-ISOLATION");
    }

    function invariant_strangerHarmless() external view {
        _holds("INV-STRANGER-HARMLESS");
    }
}
