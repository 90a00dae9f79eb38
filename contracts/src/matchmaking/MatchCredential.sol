// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title MatchCredential
/// @notice Says that a student had a session with a tutor, and for how long. Issued by the
/// matchmaking contract that has deployed it, and can be moved and sold like any other ERC-721.
contract MatchCredential is ERC721 {
    /// @notice What a credential says.
    /// @param tutor Whom the session was with.
    /// @param billedSeconds What the session was billed for.
    struct Content {
        address tutor;
        uint32 billedSeconds;
    }

    /// @notice Thrown when somebody else than the issuer calls.
    error NotIssuer(address caller);

    /// @notice The matchmaking contract.
    address public immutable issuer;

    mapping(uint256 tokenId => Content) private _contents;

    constructor() ERC721("Meterproof Tutoring Credential", "TUTORED") {
        issuer = msg.sender;
    }

    modifier onlyIssuer() {
        if (msg.sender != issuer) revert NotIssuer(msg.sender);
        _;
    }

    /// @notice Issues a credential to `to`. No hook of the receiver is called: a credential is no
    /// reason to run code of others.
    function issue(
        uint256 tokenId,
        address to,
        address tutor,
        uint32 billedSeconds
    ) external virtual onlyIssuer {
        _contents[tokenId] = Content(tutor, billedSeconds);
        _mint(to, tokenId);
    }

    /// @notice Moves a credential for its owner, whom the issuer has asked.
    function move(uint256 tokenId, address to) external virtual onlyIssuer {
        _transfer(ownerOf(tokenId), to, tokenId);
    }

    /// @notice What the credential says.
    function contentOf(uint256 tokenId) external view virtual returns (Content memory) {
        _requireOwned(tokenId);
        return _contents[tokenId];
    }
}
