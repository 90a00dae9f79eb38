// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ProgressiveEscrowBase} from "./ProgressiveEscrowBase.sol";

/// @title ProgressiveEscrowAsDescribed
/// @notice The progressive escrow as its description has it.
/// @dev Its weak points are kept on purpose, for they are what the hardened policy mends: either
/// party starts the clock alone; time counts whether or not anybody is there, until somebody calls;
/// one party's sign speaks for both; the fee is taken of the remainder only; a completion pays the
/// whole remainder, whatever was delivered; the delay of the automatic one runs from the creation;
/// and the owner can release as much as the contract holds, other sessions' money included.
contract ProgressiveEscrowAsDescribed is ProgressiveEscrowBase {
    constructor(Deployment memory deployment) ProgressiveEscrowBase(deployment) {}

    function _seenAt(Session storage s) internal view virtual override returns (uint256) {
        return Math.max(s.studentSeenAt, s.mentorSeenAt);
    }

    function _until(Session storage) internal view virtual override returns (uint256) {
        return block.timestamp;
    }

    function _mayStart(Session storage) internal view virtual override returns (bool) {
        return true;
    }

    function _mayResume(Session storage) internal view virtual override returns (bool) {
        return true;
    }

    function _countsAsPause(Session storage) internal view virtual override returns (bool) {
        return true;
    }

    function _requireHeartbeatInTime(Session storage) internal view virtual override {}

    function _requireFreshForRelease(Session storage) internal view virtual override {}

    function _requireEmergencyBounded(
        Session storage s,
        uint256 amount
    ) internal view virtual override {
        (, uint256 held) = _tryBalance(IERC20(s.token));
        if (held < amount) revert InsufficientFunds(held, amount);
    }

    function _autoCompleteFrom(
        Session storage s
    ) internal view virtual override returns (uint256) {
        return uint256(s.createdAt) + autoReleaseDelay;
    }

    function _finalShares(
        Session storage s
    ) internal view virtual override returns (uint256 gross, uint256 refund) {
        return (Math.saturatingSub(s.totalAmount, s.released), 0);
    }

    function _feeOfRelease(
        Session storage,
        uint256
    ) internal view virtual override returns (uint256) {
        return 0;
    }

    function _feeOfCompletion(
        Session storage,
        uint256 gross
    ) internal view virtual override returns (uint256) {
        return _feeOf(gross);
    }
}
