// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Handler} from "./Handler.sol";
import {vm} from "./Vm.sol";

/// @title Claims
/// @notice What the invariant tests of all protocols share. The contract under test comes as
/// creation code in a file, the same bytes that Meterproof deploys: a canary needs no own test.
/// @dev Each claim is one `invariant_...` that looks whether the handler saw it broken;
/// `invariant_claims` looks at all of them at once.
abstract contract Claims {
    Handler public handler;

    /// @dev Deploys the contract with `code` and makes the handler.
    function _start(bytes memory code, bool isHardened) internal virtual returns (Handler);

    function setUp() public {
        bytes memory code = vm.parseBytes(vm.readFile(vm.envString("METERPROOF_CODE_FILE")));
        handler = _start(code, _isSame(vm.envString("METERPROOF_POLICY"), "hardened"));
    }

    /// @notice Nothing but the start: what this takes is no part of a search.
    function test_start() external pure {}

    /// @notice Foundry asks for this by name.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice Foundry calls this after each call of the handler.
    function invariant_claims() external view {
        _holds(handler.firstBroken(), handler.firstBroken() != 0);
    }

    /// @notice Foundry calls this after each run. Tells, if asked, what was accepted how often.
    function afterInvariant() external {
        string memory file = vm.envString("METERPROOF_REACH_FILE");
        if (bytes(file).length == 0) return;
        bytes32[] memory actions = handler.actions();
        for (uint256 i = 0; i < actions.length; i++) {
            string memory count = vm.toString(handler.acceptedCount(actions[i]));
            vm.writeLine(file, string.concat(_text(actions[i]), " ", count));
        }
    }

    function _holds(bytes32 claim) internal view {
        _holds(claim, handler.isBroken(claim));
    }

    function _holds(bytes32 claim, bool isBroken) private pure {
        require(!isBroken, _text(claim));
    }

    function _deployed(bytes memory creation) internal returns (address subject) {
        assembly ("memory-safe") {
            subject := create(0, add(creation, 0x20), mload(creation))
        }
        require(subject != address(0), "the contract under test cannot be deployed");
    }

    function _isSame(string memory a, string memory b) private pure returns (bool) {
        return keccak256(bytes(a)) == keccak256(bytes(b));
    }

    function _text(bytes32 word) private pure returns (string memory) {
        uint256 length = 0;
        while (length < 32 && word[length] != 0) length++;
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; i++) text[i] = word[i];
        return string(text);
    }
}
