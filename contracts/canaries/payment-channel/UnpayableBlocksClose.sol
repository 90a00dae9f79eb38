// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title UnpayableBlocksClose
/// @notice BROKEN ON PURPOSE. A share that cannot be pushed reverts the whole payment.
/// @dev Imitates: auctions and splitters that a single blocked recipient has frozen. Caught by
/// INV-RECIPIENT-ISOLATION with a token that refuses one of the two.
contract UnpayableBlocksClose is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _pushOrDefer(
        bytes32 id,
        Channel storage c,
        address owner,
        uint256 amount
    ) internal override returns (uint128 deferred) {
        deferred = super._pushOrDefer(id, c, owner, amount);
        if (deferred > 0) revert ClaimFailed(owner, deferred);
    }
}
