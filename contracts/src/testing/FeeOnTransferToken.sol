// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PlainToken} from "./PlainToken.sol";

/// @title FeeOnTransferToken
/// @notice A token that burns 1 % of every transfer, rounded up, so that a transfer of anything
/// delivers less than was asked. 6 decimals.
contract FeeOnTransferToken is PlainToken {
    constructor() PlainToken(6) {}

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, amount);
        uint256 fee = (amount + 99) / 100;
        super._update(from, to, amount - fee);
        super._update(from, address(0), fee);
    }
}
