// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title QuoteOfLastTutor
/// @notice BROKEN ON PURPOSE. A quote of the tutor who was proposed before binds the one who is
/// proposed now.
/// @dev Imitates: assignments that were changed in one table and not in the other. Caught by
/// INV-QUOTE-BINDING with a proposal that is declined, a proposal of another tutor, and the quote
/// of the first.
contract QuoteOfLastTutor is MatchmakingHardened {
    mapping(address student => address tutor) private _lastTutorOf;

    constructor(Config memory config) MatchmakingHardened(config) {}

    function _free(Request storage r) internal override {
        super._free(r);
        _lastTutorOf[r.student] = r.tutor;
    }

    function _isQuote(
        bytes32 id,
        Request storage r,
        Offer memory offer,
        bytes calldata quote
    ) internal view override returns (bool) {
        address last = _lastTutorOf[r.student];
        if (super._isQuote(id, r, offer, quote)) return true;
        if (last == address(0)) return false;
        return _isSignedBy(last, _quoteDigest(id, r.student, last, r.token, offer), quote);
    }
}
