// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title EndReportedAgain
/// @notice BROKEN ON PURPOSE. The end of a session can be reported again, and each report mints a
/// credential.
/// @dev Imitates: consumers of a queue that delivers at least once, without a key to tell what is
/// new. Caught by INV-CREDENTIAL-ONCE with two reports.
contract EndReportedAgain is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireCompletable(Request storage r) internal view override {
        if (r.status != Status.Completed) super._requireCompletable(r);
    }

    function _credentialIdOf(bytes32 id, uint32 number) internal pure override returns (uint256) {
        return uint256(keccak256(abi.encode(id, number)));
    }
}
