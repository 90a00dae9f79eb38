// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentChannelHardened} from "../../src/payment-channel/PaymentChannelHardened.sol";

/// @title ZeroMeansAll
/// @notice BROKEN ON PURPOSE. A provider that closes without a voucher is paid the whole deposit.
/// @dev Imitates: a zero that means "not given" and is read as "without limit". Caught by
/// INV-NEWEST-VOUCHER with `close(id, 0)`.
contract ZeroMeansAll is PaymentChannelHardened {
    constructor(
        address watcher_,
        uint32 challengeSeconds_
    ) PaymentChannelHardened(watcher_, challengeSeconds_) {}

    function _closingAmount(
        Channel storage c,
        uint128 cumulative
    ) internal view override returns (uint128) {
        return cumulative == 0 ? c.deposit - c.paid : super._closingAmount(c, cumulative);
    }
}
