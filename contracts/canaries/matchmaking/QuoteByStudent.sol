// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title QuoteByStudent
/// @notice BROKEN ON PURPOSE. The student can sign the quote for the tutor.
/// @dev Imitates: a check for some known party instead of the one that has to have signed. Caught
/// by INV-QUOTE-BINDING with a quote that the student has signed.
contract QuoteByStudent is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _isQuote(
        bytes32 id,
        Request storage r,
        Offer memory offer,
        bytes calldata quote
    ) internal view override returns (bool) {
        bytes32 digest = _quoteDigest(id, r.student, r.tutor, r.token, offer);
        return _isSignedBy(r.tutor, digest, quote) || _isSignedBy(r.student, digest, quote);
    }
}
