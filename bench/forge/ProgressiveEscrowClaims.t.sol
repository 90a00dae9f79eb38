// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProgressiveEscrow} from "src/progressive-escrow/IProgressiveEscrow.sol";

import {Claims} from "./Claims.sol";
import {Handler} from "./Handler.sol";
import {ProgressiveEscrowHandler} from "./ProgressiveEscrowHandler.sol";
import {vm} from "./Vm.sol";

/// @title ProgressiveEscrowClaims
/// @notice Meterproof's claims about progressive-escrow as Foundry invariants.
contract ProgressiveEscrowClaims is Claims {
    function _start(bytes memory code, bool isHardened) internal override returns (Handler) {
        IProgressiveEscrow.Deployment memory deployment = IProgressiveEscrow.Deployment({
            feeBps: 1_000,
            feeRecipient: vm.addr(5),
            owner: vm.addr(6),
            progressiveBps: 9_000,
            releaseInterval: 30,
            heartbeatInterval: 30,
            grace: 15,
            autoReleaseDelay: 300
        });
        address subject = _deployed(bytes.concat(code, abi.encode(deployment)));
        return new ProgressiveEscrowHandler(subject, isHardened, deployment);
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

    function invariant_moneyFollowsTime() external view {
        _holds("INV-MONEY-FOLLOWS-TIME");
    }

    function invariant_progressiveCap() external view {
        _holds("INV-PROGRESSIVE-CAP");
    }

    function invariant_feeExact() external view {
        _holds("INV-FEE-EXACT");
    }

    function invariant_riskFalls() external view {
        _holds("INV-RISK-FALLS");
    }

    function invariant_settleOnce() external view {
        _holds("INV-SETTLE-ONCE");
    }

    function invariant_dust() external view {
        _holds("INV-DUST");
    }

    function invariant_ownerBounded() external view {
        _holds("INV-OWNER-BOUNDED");
    }

    function invariant_isolation() external view {
        _holds("INV-ISOLATION");
    }

    function invariant_singleUse() external view {
        _holds("INV-SINGLE-USE");
    }

    function invariant_strangerHarmless() external view {
        _holds("INV-STRANGER-HARMLESS");
    }

    function invariant_consent() external view {
        _holds("INV-CONSENT");
    }

    function invariant_noGhost() external view {
        _holds("INV-NO-GHOST");
    }

    function invariant_timeoutStamp() external view {
        _holds("INV-TIMEOUT-STAMP");
    }

    function invariant_autoComplete() external view {
        _holds("INV-AUTO-COMPLETE");
    }

    function invariant_exit() external view {
        _holds("INV-EXIT");
    }

    function invariant_completeTotal() external view {
        _holds("INV-COMPLETE-TOTAL");
    }

    function invariant_noShowRefund() external view {
        _holds("INV-NO-SHOW-REFUND");
    }

    function invariant_recipientIsolation() external view {
        _holds("INV-RECIPIENT-ISOLATION");
    }
}
