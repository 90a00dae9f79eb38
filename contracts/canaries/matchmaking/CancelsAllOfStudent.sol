// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title CancelsAllOfStudent
/// @notice BROKEN ON PURPOSE. A cancellation cancels all requests of the same student.
/// @dev Imitates: updates whose condition names the user and not the order. Caught by INV-ISOLATION
/// with two requests of a student, and the cancellation of one.
contract CancelsAllOfStudent is MatchmakingHardened {
    mapping(address student => bytes32[] ids) private _requestsOf;

    constructor(Config memory config) MatchmakingHardened(config) {}

    function requestMatch(Terms calldata terms) public override returns (bytes32 id) {
        id = super.requestMatch(terms);
        _requestsOf[terms.student].push(id);
    }

    function _free(Request storage r) internal override {
        super._free(r);
        if (r.status != Status.Cancelled) return;
        bytes32[] storage all = _requestsOf[r.student];
        for (uint256 i = 0; i < all.length; i++) _requests[all[i]].status = Status.Cancelled;
    }
}
