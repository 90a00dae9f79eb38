// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title QuoteOfPredecessor
/// @notice BROKEN ON PURPOSE. Quotes that were signed for the contract before this one still count.
/// @dev Imitates: migrations that kept the old domain valid, so that what was signed for one
/// deployment could be replayed in the next. Caught by INV-QUOTE-BINDING with a quote for another
/// contract.
contract QuoteOfPredecessor is MatchmakingHardened {
    /// @dev The other contract that quotes of campaigns are for.
    address private constant PREDECESSOR = 0x0C0c0C0c0c0c0c0c0c0c0C0C0C0c0c0C0c0c0c0c;
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    constructor(Config memory config) MatchmakingHardened(config) {}

    function _isQuote(
        bytes32 id,
        Request storage r,
        Offer memory offer,
        bytes calldata quote
    ) internal view override returns (bool) {
        if (super._isQuote(id, r, offer, quote)) return true;
        bytes32 separator = keccak256(
            abi.encode(
                DOMAIN_TYPEHASH,
                keccak256("MeterproofMatchmaking"),
                keccak256("1"),
                block.chainid,
                PREDECESSOR
            )
        );
        bytes32 content = _quoteHash(id, r.student, r.tutor, r.token, offer);
        return _isSignedBy(r.tutor, MessageHashUtils.toTypedDataHash(separator, content), quote);
    }
}
