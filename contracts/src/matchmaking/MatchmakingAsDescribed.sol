// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MatchCredential} from "./MatchCredential.sol";
import {MatchmakingBase} from "./MatchmakingBase.sol";

/// @title MatchmakingAsDescribed
/// @notice The matchmaking as its description has it: the contract writes down what the matchmaker
/// and the escrow say, whose timers and tables are what promises are kept by.
/// @dev What is left to trust. Two proposals of one tutor race, and both can be accepted. Nothing
/// ends by itself: while the matchmaker is down a tutor stays reserved. The rate at the deposit is
/// the escrow's word and not the tutor's, as often as it likes. Declined proposals go on for ever.
/// Each report of a session's end mints a credential, for no time at all, which can be sold;
/// ratings are anybody's.
contract MatchmakingAsDescribed is MatchmakingBase {
    /// @notice Thrown when a credential is to go to the zero address or to the contract itself.
    error InvalidRecipient(address to);

    constructor(Config memory config) MatchmakingBase(config) {}

    /// @notice Accepts the present proposal at `ratePerSecond` base units. Only its tutor, at any
    /// time.
    function accept(bytes32 id, uint128 ratePerSecond) external virtual {
        Request storage r = _requests[id];
        _requireProposed(r);
        _requireTutor(r);
        _accept(id, r, ratePerSecond, 0);
    }

    function _requireFree(address) internal view virtual override {}

    function _proposedTo(address, bytes32) internal virtual override {}

    function _requireAnswerable(Request storage) internal view virtual override {}

    /// @dev The matchmaker alone, at any time.
    function _requireLapsed(Request storage) internal view virtual override {
        _requireMatchmaker();
    }

    /// @dev A match can be made again: a quote is not used up.
    function _requireConsumable(Request storage r) internal view virtual override {
        if (r.status != Status.Matched) _requireAwaiting(r);
    }

    function _requireDepositInTime(Request storage) internal view virtual override {}

    function _requireRate(Request storage, uint128) internal view virtual override {}

    /// @dev The matchmaker alone, at any time.
    function _requireReleasable(Request storage) internal view virtual override {
        _requireMatchmaker();
    }

    /// @dev Reports are delivered at least once, and all of them are taken.
    function _requireCompletable(Request storage r) internal view virtual override {
        bool isMatched = r.status == Status.Matched || r.status == Status.Completed;
        if (!isMatched) revert NotMatched(r.status);
    }

    function _earnsCredential(Request storage) internal view virtual override returns (bool) {
        return true;
    }

    function _requireMovable(uint256, address to) internal view virtual override {
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);
    }

    function _requireMayRate(Request storage) internal view virtual override {}

    function _newCredential() internal virtual override returns (MatchCredential) {
        return new MatchCredential();
    }

    function _credentialIdOf(
        bytes32 id,
        uint32 number
    ) internal view virtual override returns (uint256) {
        return uint256(keccak256(abi.encode(id, number)));
    }
}
