// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CheckpointDownloadHandler} from "./CheckpointDownloadHandler.sol";
import {Claims} from "./Claims.sol";
import {Handler} from "./Handler.sol";

/// @title CheckpointDownloadClaims
/// @notice Meterproof's claims about checkpoint-download as Foundry invariants.
contract CheckpointDownloadClaims is Claims {
    uint32 internal constant MIN_MEBIBYTES = 1;
    uint32 internal constant MAX_MEBIBYTES = 4;

    function _start(bytes memory code, bool isHardened) internal override returns (Handler) {
        bytes memory args = abi.encode(MIN_MEBIBYTES, MAX_MEBIBYTES);
        address subject = _deployed(bytes.concat(code, args));
        return new CheckpointDownloadHandler(subject, isHardened, MAX_MEBIBYTES);
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

    function invariant_payForDelivered() external view {
        _holds("INV-PAY-FOR-DELIVERED");
    }

    function invariant_shareExact() external view {
        _holds("INV-SHARE-EXACT");
    }

    function invariant_wholePrice() external view {
        _holds("INV-WHOLE-PRICE");
    }

    function invariant_paidOnce() external view {
        _holds("INV-PAID-ONCE");
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

    function invariant_meter() external view {
        _holds("INV-METER");
    }

    function invariant_debit() external view {
        _holds("INV-DEBIT");
    }

    function invariant_strangerHarmless() external view {
        _holds("INV-STRANGER-HARMLESS");
    }

    function invariant_pause() external view {
        _holds("INV-PAUSE");
    }

    function invariant_schedule() external view {
        _holds("INV-SCHEDULE");
    }

    function invariant_segmentCap() external view {
        _holds("INV-SEGMENT-CAP");
    }

    function invariant_upfront() external view {
        _holds("INV-UPFRONT");
    }

    function invariant_progress() external view {
        _holds("INV-PROGRESS");
    }

    function invariant_settleOnce() external view {
        _holds("INV-SETTLE-ONCE");
    }

    function invariant_exit() external view {
        _holds("INV-EXIT");
    }

    function invariant_retry() external view {
        _holds("INV-RETRY");
    }

    function invariant_recipientIsolation() external view {
        _holds("INV-RECIPIENT-ISOLATION");
    }
}
