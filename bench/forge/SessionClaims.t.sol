// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CapForgotten} from "canaries/session-escrow/CapForgotten.sol";
import {DustLeftBehind} from "canaries/session-escrow/DustLeftBehind.sol";
import {FeeOfDeposit} from "canaries/session-escrow/FeeOfDeposit.sol";
import {SettleTwice} from "canaries/session-escrow/SettleTwice.sol";
import {StartByOneParty} from "canaries/session-escrow/StartByOneParty.sol";
import {ISessionEscrow} from "src/session-escrow/ISessionEscrow.sol";
import {SessionEscrowAsDescribed} from "src/session-escrow/SessionEscrowAsDescribed.sol";
import {SessionEscrowHardened} from "src/session-escrow/SessionEscrowHardened.sol";

import {SessionHandler} from "./SessionHandler.sol";
import {vm} from "./Vm.sol";

/// @title SessionClaims
/// @notice Meterproof's claims about session-escrow as a Foundry invariant. The handler checks them
/// after each call that was accepted, and here it only says whether one is broken: a refused call
/// changes nothing, and reading everything again after each would cost Foundry most of its speed.
abstract contract SessionClaims {
    uint16 internal constant FEE_BPS = 1_000;
    uint32 internal constant SILENCE_SECONDS = 15;
    uint32 internal constant START_WINDOW_SECONDS = 300;

    SessionHandler public handler;

    function _deploy(
        ISessionEscrow.Deployment memory deployment
    ) internal virtual returns (ISessionEscrow);

    function _isHardened() internal pure virtual returns (bool) {
        return false;
    }

    function setUp() public {
        address[] memory actors = new address[](7);
        for (uint256 a = 0; a < actors.length; a++) actors[a] = vm.addr(a + 1);
        ISessionEscrow escrow = _deploy(
            ISessionEscrow.Deployment({
                feeBps: FEE_BPS,
                feeRecipient: actors[5],
                relayer: actors[4],
                silenceTimeoutSeconds: SILENCE_SECONDS,
                startWindowSeconds: START_WINDOW_SECONDS
            })
        );
        handler = new SessionHandler(
            escrow, actors, _isHardened(), FEE_BPS, SILENCE_SECONDS, START_WINDOW_SECONDS
        );
    }

    /// @notice Foundry asks for this by name.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice Foundry calls this after each call of the handler.
    function invariant_claims() external view {
        string memory broken = handler.broken();
        require(bytes(broken).length == 0, broken);
    }
}

contract AsDescribedBench is SessionClaims {
    function _deploy(
        ISessionEscrow.Deployment memory d
    ) internal override returns (ISessionEscrow) {
        return new SessionEscrowAsDescribed(d);
    }
}

contract HardenedBench is SessionClaims {
    function _isHardened() internal pure override returns (bool) {
        return true;
    }

    function _deploy(
        ISessionEscrow.Deployment memory d
    ) internal override returns (ISessionEscrow) {
        return new SessionEscrowHardened(d, 60);
    }
}

contract CapForgottenBench is SessionClaims {
    function _deploy(
        ISessionEscrow.Deployment memory d
    ) internal override returns (ISessionEscrow) {
        return new CapForgotten(d);
    }
}

contract SettleTwiceBench is SessionClaims {
    function _deploy(
        ISessionEscrow.Deployment memory d
    ) internal override returns (ISessionEscrow) {
        return new SettleTwice(d);
    }
}

contract FeeOfDepositBench is SessionClaims {
    function _deploy(
        ISessionEscrow.Deployment memory d
    ) internal override returns (ISessionEscrow) {
        return new FeeOfDeposit(d);
    }
}

contract StartByOnePartyBench is SessionClaims {
    function _deploy(
        ISessionEscrow.Deployment memory d
    ) internal override returns (ISessionEscrow) {
        return new StartByOneParty(d);
    }
}

contract DustLeftBehindBench is SessionClaims {
    function _deploy(
        ISessionEscrow.Deployment memory d
    ) internal override returns (ISessionEscrow) {
        return new DustLeftBehind(d);
    }
}
