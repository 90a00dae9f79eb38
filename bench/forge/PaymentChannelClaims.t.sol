// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Claims} from "./Claims.sol";
import {Handler} from "./Handler.sol";
import {PaymentChannelHandler} from "./PaymentChannelHandler.sol";
import {vm} from "./Vm.sol";

/// @title PaymentChannelClaims
/// @notice Meterproof's claims about payment-channel as Foundry invariants.
contract PaymentChannelClaims is Claims {
    uint32 internal constant CHALLENGE_SECONDS = 30;

    function _start(bytes memory code, bool isHardened) internal override returns (Handler) {
        bytes memory args = abi.encode(vm.addr(5), CHALLENGE_SECONDS);
        address subject = _deployed(bytes.concat(code, args));
        return new PaymentChannelHandler(subject, isHardened, CHALLENGE_SECONDS);
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

    function invariant_newestVoucher() external view {
        _holds("INV-NEWEST-VOUCHER");
    }

    function invariant_paidOnce() external view {
        _holds("INV-PAID-ONCE");
    }

    function invariant_dust() external view {
        _holds("INV-DUST");
    }

    function invariant_redeemTotal() external view {
        _holds("INV-REDEEM-TOTAL");
    }

    function invariant_topUp() external view {
        _holds("INV-TOP-UP");
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

    function invariant_watcher() external view {
        _holds("INV-WATCHER");
    }

    function invariant_strangerHarmless() external view {
        _holds("INV-STRANGER-HARMLESS");
    }

    function invariant_noTimerReset() external view {
        _holds("INV-NO-TIMER-RESET");
    }

    function invariant_challenge() external view {
        _holds("INV-CHALLENGE");
    }

    function invariant_expiryGrace() external view {
        _holds("INV-EXPIRY-GRACE");
    }

    function invariant_settleOnce() external view {
        _holds("INV-SETTLE-ONCE");
    }

    function invariant_exit() external view {
        _holds("INV-EXIT");
    }

    function invariant_recipientIsolation() external view {
        _holds("INV-RECIPIENT-ISOLATION");
    }
}
