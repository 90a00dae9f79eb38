// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CheckpointDownloadHardened
} from "../../src/checkpoint-download/CheckpointDownloadHardened.sol";

/// @title ReentrantCancel
/// @notice BROKEN ON PURPOSE. Knows its caller by who signed the transaction, pays first, changes
/// the state afterwards, and has no guard: a token with a hook can cancel again from inside the
/// refund.
/// @dev Imitates: the oldest of all, state changed after the external call, with `tx.origin` for a
/// key. The inner call cannot be paid any more and leaves a second refund on the books. Caught by
/// INV-SOLVENCY, with the re-entrant token armed with `cancel(id)`.
contract ReentrantCancel is CheckpointDownloadHardened {
    constructor(
        uint32 minCheckpointMebibytes_,
        uint32 maxCheckpointMebibytes_
    ) CheckpointDownloadHardened(minCheckpointMebibytes_, maxCheckpointMebibytes_) {}

    function cancel(bytes32 id) external override {
        Download storage d = _downloads[id];
        _requireCancellable(d);
        if (!_isParty(d, tx.origin)) revert NotParty(tx.origin);
        emit Cancelled(id, tx.origin, d.total, d.locked);
        _refund(id, d, d.locked);
        _end(d, Status.Cancelled);
    }
}
