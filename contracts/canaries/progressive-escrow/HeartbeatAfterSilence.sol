// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title HeartbeatAfterSilence
/// @notice BROKEN ON PURPOSE. Accepts signs after a silence, which then counts as if it had been
/// proven.
/// @dev Imitates: reconnects that simply go on; two late signs sell the hour between. Caught by
/// INV-MONEY-FOLLOWS-TIME at the completion.
contract HeartbeatAfterSilence is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _requireHeartbeatInTime(Session storage) internal view override {}
}
