// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Vm
/// @notice The few of Foundry's cheatcodes that the benchmark needs; forge-std is not on npm.
interface Vm {
    /// @notice Sets the time of the block, in seconds.
    function warp(uint256 timestampSeconds) external;

    /// @notice Makes the next call come from `sender`.
    function prank(address sender) external;

    /// @notice The same, in a transaction of `origin`.
    function prank(address sender, address origin) external;

    /// @notice The address of a private key.
    function addr(uint256 privateKey) external pure returns (address);

    /// @notice Signs a digest.
    function sign(
        uint256 privateKey,
        bytes32 digest
    ) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /// @notice A variable of the environment.
    function envString(string calldata name) external view returns (string memory);

    /// @notice The text of a file of the project.
    function readFile(string calldata path) external view returns (string memory);

    /// @notice The bytes that hexadecimal text means.
    function parseBytes(string calldata text) external pure returns (bytes memory);

    /// @notice The decimal text of a number.
    function toString(uint256 value) external pure returns (string memory);

    /// @notice Appends a line to a file of the project.
    function writeLine(string calldata path, string calldata line) external;
}

/// @dev Where Foundry answers them.
Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
