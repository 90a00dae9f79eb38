// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title LapseOneSecondLate
/// @notice BROKEN ON PURPOSE. In the second in which a proposal ends it can neither be answered nor
/// ended.
/// @dev Imitates: two comparisons of one deadline that leave a gap between them. Caught by INV-TTL
/// with a lapse in exactly that second.
contract LapseOneSecondLate is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireLapsed(Request storage r) internal view override {
        if (block.timestamp <= _proposalEnd(r)) revert ProposalOpen(_proposalEnd(r));
    }
}
