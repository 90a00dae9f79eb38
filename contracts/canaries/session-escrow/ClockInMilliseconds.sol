// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title ClockInMilliseconds
/// @notice BROKEN ON PURPOSE. Treats the elapsed time as if the rate were per millisecond.
/// @dev Imitates: rates and clocks in different units (seconds, milliseconds, minutes) multiplied
/// with each other. The cap hides how wrong it is. Caught by INV-NO-OVERPAY.
contract ClockInMilliseconds is SessionEscrowAsDescribed {
    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _secondsBilled(
        Session storage s,
        uint256 until
    ) internal view override returns (uint64) {
        return uint64(Math.min((until - s.startedAt) * 1_000, _affordableSeconds(s)));
    }
}
