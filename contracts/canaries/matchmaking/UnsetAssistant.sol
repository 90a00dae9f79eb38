// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title UnsetAssistant
/// @notice BROKEN ON PURPOSE. A quote also counts if the assistant of the tutor has signed it, and
/// nobody has named one: an unreadable signature passes as that of the zero address.
/// @dev Imitates: signatures checked against a signer that was never set. Caught by
/// INV-QUOTE-BINDING with an empty quote.
contract UnsetAssistant is MatchmakingHardened {
    mapping(address tutor => address) private _assistantOf;

    constructor(Config memory config) MatchmakingHardened(config) {}

    function _isSignedBy(
        address signer,
        bytes32 digest,
        bytes calldata quote
    ) internal view override returns (bool) {
        address by = _signerOf(digest, quote);
        return by == signer || by == _assistantOf[signer];
    }
}
