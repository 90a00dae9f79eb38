// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title IdReusable
/// @notice BROKEN ON PURPOSE. A job that is over can be created again, with what it has counted
/// before.
/// @dev Imitates: identifiers that are checked against what is running instead of what has ever
/// been. Caught by INV-SINGLE-USE with a second creation.
contract IdReusable is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _requireUnused(bytes32 id, Job storage j) internal view override {
        if (j.status == Status.Active || j.status == Status.Ending) revert SessionExists(id);
    }
}
