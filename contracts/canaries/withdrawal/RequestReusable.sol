// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WithdrawalHardened} from "../../src/withdrawal/WithdrawalHardened.sol";

/// @title RequestReusable
/// @notice BROKEN ON PURPOSE. Terms whose withdrawal was cancelled can be requested again, under
/// the same id.
/// @dev Imitates: ids that are freed when something ends, with all that was signed or noted for
/// them. Caught by INV-SINGLE-USE with a request, its cancellation, and the request again.
contract RequestReusable is WithdrawalHardened {
    constructor(Config memory config) WithdrawalHardened(config) {}

    function _requireUnused(bytes32 id, Withdrawal storage w) internal view override {
        if (w.status != Status.Cancelled) super._requireUnused(id, w);
    }
}
