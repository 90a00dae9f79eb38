// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PlainToken} from "./PlainToken.sol";

/// @title ReturnsFalseToken
/// @notice A token whose transfers never revert: any failure, the blocklist of recipients included,
/// is the return value `false`. The standard allows it, and careless callers ignore it. 6 decimals.
contract ReturnsFalseToken is PlainToken {
    mapping(address recipient => bool) public refused;

    constructor(address[] memory refusedRecipients) PlainToken(6) {
        for (uint256 i = 0; i < refusedRecipients.length; i++) refused[refusedRecipients[i]] = true;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (!_canMove(msg.sender, to, amount)) return false;
        return super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (!_canMove(from, to, amount)) return false;
        if (from == address(0) || allowance(from, msg.sender) < amount) return false;
        return super.transferFrom(from, to, amount);
    }

    function _canMove(address from, address to, uint256 amount) private view returns (bool) {
        return to != address(0) && !refused[to] && balanceOf(from) >= amount;
    }
}
