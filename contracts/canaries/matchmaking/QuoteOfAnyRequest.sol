// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title QuoteOfAnyRequest
/// @notice BROKEN ON PURPOSE. A quote counts for every request, not only for the one that it was
/// signed for.
/// @dev Imitates: signatures that do not bind the order, replayed in another one. The clients sign
/// the full message, so the missing binding is rebuilt by trying all requests that the contract
/// knows. Caught by INV-QUOTE-BINDING with a quote for another request.
contract QuoteOfAnyRequest is MatchmakingHardened {
    bytes32[] private _known;

    constructor(Config memory config) MatchmakingHardened(config) {}

    function requestMatch(Terms calldata terms) public override returns (bytes32 id) {
        id = super.requestMatch(terms);
        _known.push(id);
    }

    function _isQuote(
        bytes32,
        Request storage r,
        Offer memory offer,
        bytes calldata quote
    ) internal view override returns (bool) {
        for (uint256 i = 0; i < _known.length; i++) {
            Request storage other = _requests[_known[i]];
            bytes32 digest =
                _quoteDigest(_known[i], other.student, r.tutor, other.token, offer);
            if (_isSignedBy(r.tutor, digest, quote)) return true;
        }
        return false;
    }
}
