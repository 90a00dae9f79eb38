// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {SessionEscrowBase} from "./SessionEscrowBase.sol";

/// @title SessionEscrowHardened
/// @notice The session escrow that bills only what signed heartbeats prove: up to the older of the
/// two parties' newest pings plus the silence timeout, and never beyond now or the cap.
/// @dev A stop with too few pings is not final: for a while (the evidence window) student, tutor or
/// relayer can bring newer ones, which can only raise the bill. The window starts once, at the
/// stop, and is never extended. A ping dated in the future proves no more than one dated now. Pings
/// are ECDSA signatures of the parties' own keys; a party that is a contract cannot sign one and
/// counts as last seen at the start.
contract SessionEscrowHardened is SessionEscrowBase, EIP712 {
    /// @notice The newest heartbeat of one side, as signed by it.
    /// @param sequence Counts that side's pings; signed so that logs can be matched, not compared.
    /// @param at Time of the ping by the signer's clock, in seconds.
    /// @param signature EIP-712 signature, 65 bytes; empty for "no ping of this side", in which
    /// case the other members are ignored.
    struct Ping {
        uint64 sequence;
        uint64 at;
        bytes signature;
    }

    /// @notice Newer pings have raised the bill to `billedSeconds`.
    event EvidenceRaised(bytes32 indexed sessionId, address indexed caller, uint64 billedSeconds);

    /// @notice Thrown when settlement is tried while newer pings may still come, before `until`
    /// (seconds).
    error EvidenceWindowOpen(uint256 until);
    /// @notice Thrown when newer pings come at or after `until` (seconds).
    error EvidenceWindowOver(uint256 until);
    /// @notice Thrown when an outsider stops a session whose whole cap is not proven: the pings
    /// reach `evidenceAt`, the cap is at `capAt` (both seconds).
    error InsufficientEvidence(uint256 evidenceAt, uint256 capAt);
    /// @notice Thrown when a ping is not signed by `party` for this session and this content.
    error InvalidPing(address party);
    /// @notice Thrown when pings would not raise the bill (both in seconds billed).
    error StaleEvidence(uint64 candidate, uint64 billedSeconds);

    /// @notice EIP-712 type hash of a ping.
    bytes32 public constant PING_TYPEHASH =
        keccak256("Ping(bytes32 sessionId,address party,uint64 sequence,uint64 at)");

    /// @notice Time after a stop within which newer pings may raise the bill, in seconds.
    uint32 public immutable evidenceWindowSeconds;

    constructor(
        Deployment memory deployment,
        uint32 evidenceWindowSeconds_
    ) SessionEscrowBase(deployment) EIP712("Meterproof SessionEscrow", "1") {
        evidenceWindowSeconds = evidenceWindowSeconds_;
    }

    /// @notice Ends the session with the newest ping of each side, or brings newer pings to a
    /// session that has been ended. Student, tutor and relayer at any time; anyone once the deposit
    /// is used up and the pings prove all of it.
    function stop(
        bytes32 id,
        Ping calldata studentPing,
        Ping calldata tutorPing
    ) external virtual nonReentrant {
        Session storage s = _sessions[id];
        if (s.status == Status.Active) _stopWithEvidence(id, s, studentPing, tutorPing);
        else if (s.status == Status.Stopping) _raiseBill(id, s, studentPing, tutorPing);
        else revert NotActive(s.status);
    }

    /// @notice The EIP-712 digest that `party` signs for a ping in session `id`.
    /// @param at Time of the ping, in seconds.
    function pingDigest(
        bytes32 id,
        address party,
        uint64 sequence,
        uint64 at
    ) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(PING_TYPEHASH, id, party, sequence, at)));
    }

    function _stopWithEvidence(
        bytes32 id,
        Session storage s,
        Ping calldata studentPing,
        Ping calldata tutorPing
    ) internal virtual {
        _requireMayStop(s);
        uint256 evidenceAt = _evidenceAt(id, s, studentPing, tutorPing);
        uint256 cap = _capAt(s);
        if (!_isInsider(s) && evidenceAt < cap) revert InsufficientEvidence(evidenceAt, cap);

        uint256 provable = _billableUntil(s);
        uint256 until = Math.min(provable, evidenceAt);
        // A bill that no ping could raise needs no window: the session can be settled at once.
        uint256 window = until < provable ? evidenceWindowSeconds : 0;
        s.evidenceUntil = SafeCast.toUint64(block.timestamp + window);
        _stop(id, s, until);
    }

    function _raiseBill(
        bytes32 id,
        Session storage s,
        Ping calldata studentPing,
        Ping calldata tutorPing
    ) internal virtual {
        if (!_isInsider(s)) revert NotParty(msg.sender);
        if (block.timestamp >= s.evidenceUntil) revert EvidenceWindowOver(s.evidenceUntil);
        uint256 evidenceAt = _evidenceAt(id, s, studentPing, tutorPing);

        uint256 provable = Math.min(s.stoppedAt, _capAt(s));
        uint256 until = Math.min(provable, evidenceAt);
        uint64 candidate = _secondsBilled(s, until);
        _requireNewer(candidate, s.billedSeconds);
        s.billedSeconds = candidate;
        if (until == provable) s.evidenceUntil = uint64(block.timestamp);
        emit EvidenceRaised(id, msg.sender, candidate);
    }

    /// @dev Evidence can only raise the bill: nobody loses by a stop that came with less.
    function _requireNewer(uint64 candidate, uint64 billedSeconds) internal pure virtual {
        if (candidate <= billedSeconds) revert StaleEvidence(candidate, billedSeconds);
    }

    /// @dev Time in seconds until which the call is proven: the side heard of last, longest ago.
    function _evidenceAt(
        bytes32 id,
        Session storage s,
        Ping calldata studentPing,
        Ping calldata tutorPing
    ) internal view virtual returns (uint256) {
        uint256 student = _lastSeen(id, s.startedAt, s.student, studentPing);
        uint256 tutor = _lastSeen(id, s.startedAt, s.tutor, tutorPing);
        return Math.min(student, tutor) + silenceTimeoutSeconds;
    }

    /// @dev A party has been seen at the start, as it joined, and at its ping.
    function _lastSeen(
        bytes32 id,
        uint64 startedAt,
        address party,
        Ping calldata ping
    ) internal view virtual returns (uint256) {
        if (ping.signature.length == 0) return startedAt;
        if (!_isSignedBy(id, party, ping)) revert InvalidPing(party);
        return Math.max(startedAt, ping.at);
    }

    function _isSignedBy(
        bytes32 id,
        address party,
        Ping calldata ping
    ) internal view virtual returns (bool) {
        return _signerOf(id, party, ping) == party;
    }

    /// @dev Who signed this content as a ping of `party`; zero, which is nobody, when unreadable.
    function _signerOf(
        bytes32 id,
        address party,
        Ping calldata ping
    ) internal view returns (address signer) {
        bytes32 digest = pingDigest(id, party, ping.sequence, ping.at);
        (signer,,) = ECDSA.tryRecover(digest, ping.signature);
    }

    function _requireSettleable(Session storage s) internal view virtual override {
        super._requireSettleable(s);
        if (block.timestamp < s.evidenceUntil) revert EvidenceWindowOpen(s.evidenceUntil);
    }
}
