// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title RequestReusable
/// @notice BROKEN ON PURPOSE. Terms whose withdrawal is over can be requested again, under the same
/// id.
/// @dev Imitates: ids that are freed when something ends, with all that was signed or noted for
/// them. Caught by INV-SINGLE-USE with a request, any end of it, and the request again.
contract RequestReusable is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requireUnused(bytes32 id, Withdrawal storage w) internal view override {
        bool open = w.status == Status.Pending || w.status == Status.Processing;
        if (open) super._requireUnused(id, w);
    }
}
