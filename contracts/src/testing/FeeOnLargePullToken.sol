// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PlainToken} from "./PlainToken.sol";

/// @title FeeOnLargePullToken
/// @notice A token that burns 1 %, rounded up, of every `transferFrom` of at least one whole token;
/// smaller ones and direct transfers are free. So a small deposit arrives whole and a later, larger
/// one does not. 6 decimals.
contract FeeOnLargePullToken is PlainToken {
    /// @notice Pulls below this are free, in base units.
    uint256 public constant FREE_BELOW_UNITS = 1_000_000;

    constructor() PlainToken(6) {}

    function transferFrom(
        address from,
        address to,
        uint256 amount
    ) public override returns (bool) {
        if (amount < FREE_BELOW_UNITS) return super.transferFrom(from, to, amount);
        _spendAllowance(from, msg.sender, amount);
        uint256 fee = (amount + 99) / 100;
        _transfer(from, to, amount - fee);
        _burn(from, fee);
        return true;
    }
}
