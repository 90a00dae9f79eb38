// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionEscrow} from "src/session-escrow/ISessionEscrow.sol";

import {Claims} from "./Claims.sol";
import {Handler} from "./Handler.sol";
import {SessionHandler} from "./SessionHandler.sol";
import {vm} from "./Vm.sol";

/// @title SessionClaims
/// @notice Meterproof's claims about session-escrow as Foundry invariants.
contract SessionClaims is Claims {
    uint32 internal constant EVIDENCE_WINDOW_SECONDS = 60;

    function _start(bytes memory code, bool isHardened) internal override returns (Handler) {
        ISessionEscrow.Deployment memory deployment = ISessionEscrow.Deployment({
            feeBps: 1_000,
            feeRecipient: vm.addr(6),
            relayer: vm.addr(5),
            silenceTimeoutSeconds: 15,
            startWindowSeconds: 300
        });
        bytes memory args = isHardened
            ? abi.encode(deployment, EVIDENCE_WINDOW_SECONDS)
            : abi.encode(deployment);
        address subject = _deployed(bytes.concat(code, args));
        return new SessionHandler(subject, isHardened, deployment, EVIDENCE_WINDOW_SECONDS);
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

    function invariant_noOverpay() external view {
        _holds("INV-NO-OVERPAY");
    }

    function invariant_entitlementMonotone() external view {
        _holds("INV-ENTITLEMENT-MONOTONE");
    }

    function invariant_settleOnce() external view {
        _holds("INV-SETTLE-ONCE");
    }

    function invariant_feeExact() external view {
        _holds("INV-FEE-EXACT");
    }

    function invariant_dust() external view {
        _holds("INV-DUST");
    }

    function invariant_isolation() external view {
        _holds("INV-ISOLATION");
    }

    function invariant_singleUse() external view {
        _holds("INV-SINGLE-USE");
    }

    function invariant_binding() external view {
        _holds("INV-BINDING");
    }

    function invariant_consent() external view {
        _holds("INV-CONSENT");
    }

    function invariant_strangerHarmless() external view {
        _holds("INV-STRANGER-HARMLESS");
    }

    function invariant_exit() external view {
        _holds("INV-EXIT");
    }

    function invariant_settleTotal() external view {
        _holds("INV-SETTLE-TOTAL");
    }

    function invariant_noShowRefund() external view {
        _holds("INV-NO-SHOW-REFUND");
    }

    function invariant_recipientIsolation() external view {
        _holds("INV-RECIPIENT-ISOLATION");
    }
}
