// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMatchmaking} from "src/matchmaking/IMatchmaking.sol";

import {Claims} from "./Claims.sol";
import {Handler} from "./Handler.sol";
import {MatchmakingHandler} from "./MatchmakingHandler.sol";
import {vm} from "./Vm.sol";

/// @title MatchmakingClaims
/// @notice Meterproof's claims about matchmaking as Foundry invariants.
contract MatchmakingClaims is Claims {
    function _start(bytes memory code, bool isHardened) internal override returns (Handler) {
        IMatchmaking.Config memory config = IMatchmaking.Config({
            matchmaker: vm.addr(5),
            escrow: vm.addr(6),
            proposalTtlSeconds: 60,
            maxAttempts: 3,
            depositWindowSeconds: 120,
            credentialSeconds: 300
        });
        address subject = _deployed(bytes.concat(code, abi.encode(config)));
        return new MatchmakingHandler(subject, isHardened, config);
    }

    function invariant_oneStudent() external view {
        _holds("INV-ONE-STUDENT");
    }

    function invariant_freeAgain() external view {
        _holds("INV-FREE-AGAIN");
    }

    function invariant_ttl() external view {
        _holds("INV-TTL");
    }

    function invariant_depositWindow() external view {
        _holds("INV-DEPOSIT-WINDOW");
    }

    function invariant_attempts() external view {
        _holds("INV-ATTEMPTS");
    }

    function invariant_rateLocked() external view {
        _holds("INV-RATE-LOCKED");
    }

    function invariant_quoteOnce() external view {
        _holds("INV-QUOTE-ONCE");
    }

    function invariant_quoteBinding() external view {
        _holds("INV-QUOTE-BINDING");
    }

    function invariant_matchOrder() external view {
        _holds("INV-MATCH-ORDER");
    }

    function invariant_credentialOnce() external view {
        _holds("INV-CREDENTIAL-ONCE");
    }

    function invariant_credentialEarned() external view {
        _holds("INV-CREDENTIAL-EARNED");
    }

    function invariant_soulbound() external view {
        _holds("INV-SOULBOUND");
    }

    function invariant_ratingOnce() external view {
        _holds("INV-RATING-ONCE");
    }

    function invariant_endTotal() external view {
        _holds("INV-END-TOTAL");
    }

    function invariant_exit() external view {
        _holds("INV-EXIT");
    }

    function invariant_singleUse() external view {
        _holds("INV-SINGLE-USE");
    }

    function invariant_isolation() external view {
        _holds("INV-ISOLATION");
    }

    function invariant_strangerHarmless() external view {
        _holds("INV-STRANGER-HARMLESS");
    }

    function invariant_conservation() external view {
        _holds("INV-CONSERVATION");
    }
}
