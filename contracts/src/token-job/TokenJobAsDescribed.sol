// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenJobBase} from "./TokenJobBase.sol";

/// @title TokenJobAsDescribed
/// @notice The inference job as its description has it: the host's own count is the proof, and the
/// job is over in the block in which either of the two ends it.
/// @dev Two things are left to trust. Nothing shows that the tokens were delivered, and a user who
/// ends the job before the host's next proof is mined has what was served since the last one for
/// nothing. The hardened policy asks for the user's receipt and keeps a window for the proof.
contract TokenJobAsDescribed is TokenJobBase {
    constructor(uint16 hostBps_, address treasury_) TokenJobBase(hostBps_, treasury_) {}

    /// @notice Proves that the host has generated `cumulativeTokens` model tokens in this job, all
    /// told. Only the host, while the job is open.
    function submitProof(bytes32 id, uint128 cumulativeTokens) external virtual nonReentrant {
        Job storage j = _jobs[id];
        _requireActive(j);
        _requireHost(j);
        _requireOpen(j);
        _requireNewer(j, cumulativeTokens);
        _accept(id, j, cumulativeTokens);
    }

    /// @notice Ends the job and refunds what is not billed. User and host at any time.
    function endSession(bytes32 id) external virtual nonReentrant {
        Job storage j = _jobs[id];
        _requireActive(j);
        _requireParty(j);
        _settle(id, j, Status.Completed);
    }
}
