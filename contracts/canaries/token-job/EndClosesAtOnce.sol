// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title EndClosesAtOnce
/// @notice BROKEN ON PURPOSE. The user's end is final: the window for last proofs is configured but
/// never opened.
/// @dev Imitates: a payer who leaves between delivery and proof. Caught by INV-PROOF-WINDOW with a
/// proof in the second of the end.
contract EndClosesAtOnce is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _requestEnd(bytes32 id, Job storage j) internal override {
        _settle(id, j, Status.Completed);
    }
}
