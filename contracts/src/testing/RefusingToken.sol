// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PlainToken} from "./PlainToken.sol";

/// @title RefusingToken
/// @notice A token with a blocklist of recipients: any transfer to one of them reverts.
/// Stands for the freeze list of a stablecoin. 6 decimals.
contract RefusingToken is PlainToken {
    mapping(address recipient => bool) public refused;

    /// @notice Thrown when `recipient` is on the blocklist.
    error RecipientRefused(address recipient);

    constructor(address[] memory refusedRecipients) PlainToken(6) {
        for (uint256 i = 0; i < refusedRecipients.length; i++) refused[refusedRecipients[i]] = true;
    }

    function _update(address from, address to, uint256 amount) internal override {
        // Minting is exempt, so that a test can give a refused participant something to deposit.
        if (from != address(0) && refused[to]) revert RecipientRefused(to);
        super._update(from, to, amount);
    }
}
