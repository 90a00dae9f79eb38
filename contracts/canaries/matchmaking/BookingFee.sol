// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {MatchmakingHardened} from "../../src/matchmaking/MatchmakingHardened.sol";

/// @title BookingFee
/// @notice BROKEN ON PURPOSE. A fee of one base unit is taken from the allowance of the student for
/// each request.
/// @dev Imitates: contracts that were approved for one thing and help themselves for another.
/// Caught by INV-CONSERVATION with a request.
contract BookingFee is MatchmakingHardened {
    using SafeERC20 for IERC20;

    constructor(Config memory config) MatchmakingHardened(config) {}

    function requestMatch(Terms calldata terms) public override returns (bytes32 id) {
        id = super.requestMatch(terms);
        IERC20(terms.token).safeTransferFrom(terms.student, matchmaker, 1);
    }
}
