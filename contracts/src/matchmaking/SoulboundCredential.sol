// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchCredential} from "./MatchCredential.sol";

/// @title SoulboundCredential
/// @notice A credential that stays with whom it was issued to.
/// @dev The refusal stands where every way of moving a token ends up, so that neither an approved
/// operator nor the issuer can do it. Approvals can be given, and are good for nothing.
contract SoulboundCredential is MatchCredential {
    /// @notice Thrown when a credential would leave its owner.
    error Soulbound(uint256 tokenId);

    function _update(
        address to,
        uint256 tokenId,
        address auth
    ) internal virtual override returns (address from) {
        if (_ownerOf(tokenId) != address(0)) revert Soulbound(tokenId);
        return super._update(to, tokenId, auth);
    }
}
