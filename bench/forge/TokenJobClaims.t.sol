// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Claims} from "./Claims.sol";
import {Handler} from "./Handler.sol";
import {TokenJobHandler} from "./TokenJobHandler.sol";
import {vm} from "./Vm.sol";

/// @title TokenJobClaims
/// @notice Meterproof's claims about token-job as Foundry invariants.
contract TokenJobClaims is Claims {
    uint16 internal constant HOST_BPS = 8_767;
    uint32 internal constant WINDOW_SECONDS = 30;

    function _start(bytes memory code, bool isHardened) internal override returns (Handler) {
        address treasury = vm.addr(6);
        bytes memory args = isHardened
            ? abi.encode(HOST_BPS, treasury, WINDOW_SECONDS)
            : abi.encode(HOST_BPS, treasury);
        address subject = _deployed(bytes.concat(code, args));
        return new TokenJobHandler(subject, isHardened, HOST_BPS, WINDOW_SECONDS);
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

    function invariant_splitExact() external view {
        _holds("INV-SPLIT-EXACT");
    }

    function invariant_proofMonotone() external view {
        _holds("INV-PROOF-MONOTONE");
    }

    function invariant_receipted() external view {
        _holds("INV-RECEIPTED");
    }

    function invariant_dust() external view {
        _holds("INV-DUST");
    }

    function invariant_noProofRefund() external view {
        _holds("INV-NO-PROOF-REFUND");
    }

    function invariant_isolation() external view {
        _holds("INV-ISOLATION");
    }

    function invariant_singleUse() external view {
        _holds("INV-SINGLE-USE");
    }

    function invariant_consent() external view {
        _holds("INV-CONSENT");
    }

    function invariant_receiptBinding() external view {
        _holds("INV-RECEIPT-BINDING");
    }

    function invariant_earnings() external view {
        _holds("INV-EARNINGS");
    }

    function invariant_strangerHarmless() external view {
        _holds("INV-STRANGER-HARMLESS");
    }

    function invariant_proofWindow() external view {
        _holds("INV-PROOF-WINDOW");
    }

    function invariant_settleOnce() external view {
        _holds("INV-SETTLE-ONCE");
    }

    function invariant_timeout() external view {
        _holds("INV-TIMEOUT");
    }

    function invariant_exit() external view {
        _holds("INV-EXIT");
    }

    function invariant_endTotal() external view {
        _holds("INV-END-TOTAL");
    }

    function invariant_recipientIsolation() external view {
        _holds("INV-RECIPIENT-ISOLATION");
    }
}
