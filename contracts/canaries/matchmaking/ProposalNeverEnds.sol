// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title ProposalNeverEnds
/// @notice BROKEN ON PURPOSE. A proposal can be answered for as long as nobody has let it lapse.
/// @dev Imitates: deadlines that are kept by a job, and by nobody when the job is late. Caught by
/// INV-TTL with a quote that is brought after the time to answer.
contract ProposalNeverEnds is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function _requireAnswerable(Request storage) internal view override {}
}
