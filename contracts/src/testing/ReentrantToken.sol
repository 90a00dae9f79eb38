// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PlainToken} from "./PlainToken.sol";

/// @title ReentrantToken
/// @notice A token that calls back: from inside every movement that `target` asks for, in or out,
/// it makes all armed calls to `target`, whatever comes of each, and tells it in an event. Stands
/// for tokens with hooks. 6 decimals.
/// @dev The calls come when the balances have moved. Before that they would undo themselves: what
/// they take out of `target` would make the very transfer that they are part of fail. One level
/// deep: movements that these calls cause do not call back. The calls stay armed.
contract ReentrantToken is PlainToken {
    /// @notice What came of the armed calls, in their order, eight bytes for each: the selector of
    /// the call, and the selector of the error with which it was refused. That is zero when the
    /// call was accepted, and all ones when there was no error to read.
    event Reentered(bytes answers);

    /// @dev In place of a selector that a refusal does not have.
    bytes4 private constant NO_SELECTOR = 0xffffffff;

    /// @notice The contract that is called back when it moves tokens; nobody when zero.
    address public target;

    /// @dev The armed calls, encoded as one.
    bytes private _calls;
    bool private _inside;

    constructor() PlainToken(6) {}

    /// @notice Sets what is called and with which data. Anyone may; the zero address disarms.
    function arm(address target_, bytes[] calldata calls) external {
        target = target_;
        _calls = abi.encode(calls);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (msg.sender != target || _inside) return;
        _inside = true;
        bytes[] memory calls = abi.decode(_calls, (bytes[]));
        bytes memory answers;
        for (uint256 i = 0; i < calls.length; i++) {
            answers = bytes.concat(answers, bytes4(calls[i]), _answerTo(calls[i]));
        }
        emit Reentered(answers);
        _inside = false;
    }

    function _answerTo(bytes memory data) private returns (bytes4) {
        (bool ok, bytes memory returned) = target.call(data);
        if (ok) return 0;
        return returned.length < 4 ? NO_SELECTOR : bytes4(returned);
    }
}
