// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title AutoCompleteByStudentOnly
/// @notice BROKEN ON PURPOSE. Only the student can complete, even after the delay.
/// @dev Imitates: an escape hatch that opens from one side; a mentor whose student never comes back
/// is never paid. Caught by INV-EXIT of the mentor.
contract AutoCompleteByStudentOnly is ProgressiveEscrowHardened {
    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function autoComplete(bytes32 id) external override nonReentrant {
        Session storage s = _sessions[id];
        _requireRunning(s);
        if (msg.sender != s.student) revert NotStudent(msg.sender, s.student);
        uint256 from = _autoCompleteFrom(s);
        if (block.timestamp < from) revert AutoReleasePending(from);
        _complete(id, s);
    }
}
