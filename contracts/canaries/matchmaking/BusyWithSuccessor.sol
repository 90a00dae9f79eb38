// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title BusyWithSuccessor
/// @notice BROKEN ON PURPOSE. A tutor who has declined counts as busy for as long as the request
/// binds the tutor who came next.
/// @dev Imitates: pointers that are followed without asking whether they still point back. Caught
/// by INV-FREE-AGAIN with two requests, a proposal that is declined, a proposal of another tutor,
/// and the first one proposed to the other request.
contract BusyWithSuccessor is MatchmakingHardened {
    constructor(Config memory config) MatchmakingHardened(config) {}

    function boundTo(address tutor) public view override returns (bytes32 id) {
        id = _proposedFor[tutor];
        return _isBinding(_requests[id]) ? id : bytes32(0);
    }
}
