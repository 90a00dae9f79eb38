// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title UpfrontServedUnpaid
/// @notice BROKEN ON PURPOSE. A download in mode Upfront is served before it is paid.
/// @dev Imitates: prepayment that is asked for and not waited for. Caught by INV-UPFRONT with a
/// report before the payment.
contract UpfrontServedUnpaid is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function _requireServing(Download storage d) internal view override {
        if (d.mode != Mode.Upfront) super._requireServing(d);
    }

    function _payFromLock(bytes32 id, Download storage d, uint256 seeder) internal override {
        if (d.status == Status.Serving) super._payFromLock(id, d, seeder);
    }
}
