// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title AbandonmentFee
/// @notice BROKEN ON PURPOSE. A tenth of the deposit goes to the treasury when the job ends without
/// any proof.
/// @dev Imitates: a fee for using the service that is charged when there was none. Caught by
/// INV-NO-PROOF-REFUND with an end before any proof.
contract AbandonmentFee is TokenJobHardened {
    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function _settle(bytes32 id, Job storage j, Status over) internal override {
        if (j.provenTokens == 0) _credit(j, 0, j.deposit / 10);
        super._settle(id, j, over);
    }

    function _refundOf(Job storage j) internal view override returns (uint256) {
        return super._refundOf(j) - (j.provenTokens == 0 ? j.deposit / 10 : 0);
    }
}
