// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {TokenJobBase} from "./TokenJobBase.sol";

/// @title TokenJobHardened
/// @notice The inference job that bills only what the user has signed for, and in which the user's
/// end leaves the host a window to bring the receipts that it holds.
/// @dev The window starts once, at the user's end, and is never extended; the host may close it
/// early. The same window follows the job's duration, so that a receipt signed in its last second
/// can still be brought. Receipts are ECDSA signatures of the user's own key; a user that is a
/// contract cannot sign one, and pays nothing for what it is served.
contract TokenJobHardened is TokenJobBase, EIP712 {
    /// @notice Thrown when the receipt is not the user's signature over this job and this number.
    error InvalidReceipt(bytes32 jobId, uint128 cumulativeTokens);
    /// @notice Thrown when a job is settled while the host may still prove work, before `until`
    /// (seconds), by somebody else than the host.
    error ProofWindowOpen(uint256 until);
    /// @notice Thrown when work is proven at or after `until` (seconds).
    error ProofWindowOver(uint256 until);

    /// @notice EIP-712 type hash of a receipt.
    bytes32 public constant RECEIPT_TYPEHASH =
        keccak256("Receipt(bytes32 jobId,uint128 cumulativeTokens)");

    /// @notice Time after the user's end, and after the duration, within which the host can still
    /// prove work, in seconds.
    uint32 public immutable proofWindowSeconds;

    constructor(
        uint16 hostBps_,
        address treasury_,
        uint32 proofWindowSeconds_
    ) TokenJobBase(hostBps_, treasury_) EIP712("Meterproof TokenJob", "1") {
        proofWindowSeconds = proofWindowSeconds_;
    }

    /// @notice Proves that the user has received `cumulativeTokens` model tokens in this job, all
    /// told. Only the host, while the job is open or the window after the user's end is.
    /// @param receipt The user's EIP-712 signature of a `Receipt` for this job and number, 65
    /// bytes.
    function submitProof(
        bytes32 id,
        uint128 cumulativeTokens,
        bytes calldata receipt
    ) external virtual nonReentrant {
        Job storage j = _jobs[id];
        if (j.status != Status.Ending) _requireActive(j);
        _requireHost(j);
        if (j.status == Status.Ending) _requireWindowOpen(j);
        else _requireOpen(j);
        _requireNewer(j, cumulativeTokens);
        if (!_isReceipt(id, j, cumulativeTokens, receipt)) {
            revert InvalidReceipt(id, cumulativeTokens);
        }
        _accept(id, j, cumulativeTokens);
    }

    /// @notice Ends the job. The host settles it at once. The user opens the window for last
    /// proofs; once that is over anyone can settle.
    function endSession(bytes32 id) external virtual nonReentrant {
        _end(id, _jobs[id]);
    }

    /// @notice The EIP-712 digest that the user signs for `cumulativeTokens` model tokens in all.
    function receiptDigest(bytes32 id, uint128 cumulativeTokens) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(RECEIPT_TYPEHASH, id, cumulativeTokens)));
    }

    function _end(bytes32 id, Job storage j) internal virtual {
        if (j.status == Status.Ending) {
            _requireSettleable(j);
            _settle(id, j, Status.Completed);
            return;
        }
        _requireActive(j);
        _requireParty(j);
        if (msg.sender == j.host) _settle(id, j, Status.Completed);
        else _requestEnd(id, j);
    }

    function _requestEnd(bytes32 id, Job storage j) internal virtual {
        j.status = Status.Ending;
        j.endsAt = SafeCast.toUint64(block.timestamp + proofWindowSeconds);
        emit EndRequested(id, j.endsAt);
    }

    function _requireWindowOpen(Job storage j) internal view virtual {
        if (block.timestamp >= j.endsAt) revert ProofWindowOver(j.endsAt);
    }

    /// @dev The window is the host's: it may close it early.
    function _requireSettleable(Job storage j) internal view virtual {
        if (block.timestamp < j.endsAt && msg.sender != j.host) revert ProofWindowOpen(j.endsAt);
    }

    function _isReceipt(
        bytes32 id,
        Job storage j,
        uint128 cumulativeTokens,
        bytes calldata receipt
    ) internal view virtual returns (bool) {
        return _signerOf(id, cumulativeTokens, receipt) == j.user;
    }

    /// @dev Who signed this content as a receipt; zero, which is nobody, when unreadable.
    function _signerOf(
        bytes32 id,
        uint128 cumulativeTokens,
        bytes calldata receipt
    ) internal view returns (address signer) {
        (signer,,) = ECDSA.tryRecover(receiptDigest(id, cumulativeTokens), receipt);
    }

    /// @dev A receipt of the last second needs time to be brought.
    function _closesAt(Job storage j) internal view virtual override returns (uint256) {
        return super._closesAt(j) + proofWindowSeconds;
    }
}
