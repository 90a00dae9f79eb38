// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title QuoteRoundedDown
/// @notice BROKEN ON PURPOSE. A quote also counts for one base unit a second less than the tutor
/// has signed.
/// @dev Imitates: tolerances in the comparison of prices, always used up by the same side. Caught
/// by INV-QUOTE-BINDING with a quote at one base unit more than what is presented.
contract QuoteRoundedDown is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _isQuote(
        bytes32 id,
        Request storage r,
        Offer memory offer,
        bytes calldata quote
    ) internal view override returns (bool) {
        if (super._isQuote(id, r, offer, quote)) return true;
        Offer memory signed = Offer(offer.ratePerSecond + 1, offer.expiry, offer.nonce);
        return super._isQuote(id, r, signed, quote);
    }
}
