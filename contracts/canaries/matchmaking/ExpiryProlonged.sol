// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title ExpiryProlonged
/// @notice BROKEN ON PURPOSE. A quote counts one second longer than the tutor has signed.
/// @dev Imitates: grace periods that were added for slow clocks, and moved what was agreed. Caught
/// by INV-QUOTE-BINDING with a quote that is presented with a later expiry than it has.
contract ExpiryProlonged is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _isQuote(
        bytes32 id,
        Request storage r,
        Offer memory offer,
        bytes calldata quote
    ) internal view override returns (bool) {
        if (super._isQuote(id, r, offer, quote)) return true;
        Offer memory signed = Offer(offer.ratePerSecond, offer.expiry - 1, offer.nonce);
        return super._isQuote(id, r, signed, quote);
    }
}
