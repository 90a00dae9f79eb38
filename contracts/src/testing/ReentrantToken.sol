// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PlainToken} from "./PlainToken.sol";

/// @title ReentrantToken
/// @notice A token that calls back: after each transfer out of `target`, it calls `target` with the
/// armed payload and ignores what comes of it. Stands for tokens with receive hooks. 6 decimals.
/// @dev The callback comes when the balances have moved. Before that it would undo itself: what it
/// takes out of `target` would make the very transfer that it is part of fail. One level deep:
/// transfers caused by the callback do not call back. The payload stays armed.
contract ReentrantToken is PlainToken {
    /// @notice The contract that is called back when tokens leave it; nobody when zero.
    address public target;
    /// @notice Call data of the callback.
    bytes public payload;

    bool private _inside;

    constructor() PlainToken(6) {}

    /// @notice Sets what is called and with which data. Anyone may; the zero address disarms.
    function arm(address target_, bytes calldata payload_) external {
        target = target_;
        payload = payload_;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from == address(0) || from != target || _inside) return;
        _inside = true;
        from.call(payload);
        _inside = false;
    }
}
