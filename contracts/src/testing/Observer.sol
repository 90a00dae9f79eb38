// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Observer
/// @notice Reads many contracts in one call: everything worth observing after a step costs one
/// request instead of dozens.
/// @dev The result is the plain concatenation of what the targets returned, without lengths: the
/// caller knows how many words each read gives. A read that fails contributes one word of all ones,
/// so the caller must read values for which that is no legal answer, or static structs.
contract Observer {
    /// @notice What `observeAndLog` has read.
    event Observed(bytes words);

    /// @notice Thrown when there are not as many targets as call data.
    error LengthMismatch(uint256 targets, uint256 datas);

    /// @notice Calls each target statically with its data.
    /// @return words The raw return data of all calls, concatenated.
    function observe(
        address[] calldata targets,
        bytes[] calldata datas
    ) external view returns (bytes memory words) {
        return _observe(targets, datas);
    }

    /// @notice As `observe`, but leaves the words in a log: a mined transaction has no return data.
    function observeAndLog(address[] calldata targets, bytes[] calldata datas) external {
        emit Observed(_observe(targets, datas));
    }

    function _observe(
        address[] calldata targets,
        bytes[] calldata datas
    ) private view returns (bytes memory words) {
        if (targets.length != datas.length) revert LengthMismatch(targets.length, datas.length);
        uint256 end;
        assembly ("memory-safe") {
            words := mload(0x40)
            end := add(words, 0x20)
        }
        for (uint256 i = 0; i < targets.length; i++) {
            address target = targets[i];
            bytes calldata data = datas[i];
            assembly ("memory-safe") {
                // The call data is laid out where its answer will be: it is not needed afterwards.
                calldatacopy(end, data.offset, data.length)
                switch staticcall(gas(), target, end, data.length, 0, 0)
                case 0 {
                    mstore(end, not(0))
                    end := add(end, 0x20)
                }
                default {
                    returndatacopy(end, 0, returndatasize())
                    end := add(end, returndatasize())
                }
            }
        }
        assembly ("memory-safe") {
            mstore(words, sub(end, add(words, 0x20)))
            mstore(0x40, and(add(end, 0x1f), not(0x1f)))
        }
    }
}
