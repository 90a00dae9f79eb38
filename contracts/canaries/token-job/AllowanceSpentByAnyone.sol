// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title AllowanceSpentByAnyone
/// @notice BROKEN ON PURPOSE. Anyone can create a job in a user's name and have its deposit taken
/// from the user's allowance.
/// @dev Imitates: routers that pulled from whoever had approved them, on the order of whoever
/// called. Caught by INV-CONSENT: an approval and a creation by somebody else.
contract AllowanceSpentByAnyone is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _requireCreator(Terms calldata) internal pure override {}
}
