// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title UpfrontHandedOver
/// @notice BROKEN ON PURPOSE. What is paid upfront goes to the seeders at once, before they have
/// delivered anything.
/// @dev Imitates: presales whose money was out of reach on the first day. Caught by
/// INV-PAY-FOR-DELIVERED with a payment in mode Upfront.
contract UpfrontHandedOver is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _paid(bytes32 id, Download storage d, uint128 amount) internal override {
        super._paid(id, d, amount);
        if (d.mode != Mode.Upfront) return;
        d.locked = 0;
        d.paid[0] += amount;
        _paySeeder(id, d, 0, amount);
    }

    function _unpaidShare(
        Download storage d,
        uint256 seeder
    ) internal view override returns (uint128) {
        return d.mode == Mode.Upfront ? 0 : super._unpaidShare(d, seeder);
    }
}
