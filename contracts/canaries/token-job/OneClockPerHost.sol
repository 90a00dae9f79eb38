// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobHardened} from "../../src/token-job/TokenJobHardened.sol";

/// @title OneClockPerHost
/// @notice BROKEN ON PURPOSE. Keeps the start of the newest job of each host instead of one start
/// per job.
/// @dev Imitates: state that belongs to an agreement but is keyed by user. Caught by INV-ISOLATION:
/// a host's second job moves the start of its first.
contract OneClockPerHost is TokenJobHardened {
    mapping(address host => uint64) private _startOf;

    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobHardened(hostBps_, treasury_, proofWindowSeconds_) {}

    function createSession(Terms calldata terms) public override returns (bytes32 id) {
        id = super.createSession(terms);
        _startOf[terms.host] = _jobs[id].startedAt;
    }

    function job(bytes32 id) external view override returns (Job memory copy) {
        copy = _jobs[id];
        if (copy.status != Status.None) copy.startedAt = _startOf[copy.host];
    }

    function _closesAt(Job storage j) internal view override returns (uint256) {
        return uint256(_startOf[j.host]) + j.durationSeconds + proofWindowSeconds;
    }
}
