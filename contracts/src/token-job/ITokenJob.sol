// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ITokenJob
/// @notice What both policies of the per-token inference job share: types, events, errors and the
/// actions whose shape does not depend on the policy (`submitProof` does, and is declared by each
/// policy). The errors of taking a deposit in stand in TokenMover.
/// @dev Units. Every amount and every price is in base units of the job's payment token (its own
/// decimals). `token` always means the ERC-20 that pays; what is counted and billed are model
/// tokens, in whole ones, in members that end in `Tokens`. Every time is a Unix time in seconds as
/// the block states it; every duration is in seconds. A share in `Bps` is in hundredths of a
/// percent (10,000 is the whole).
interface ITokenJob {
    /// @notice Where a job stands.
    /// @custom:value0 None Never created.
    /// @custom:value1 Active Paid in advance; the host may prove work.
    /// @custom:value2 Ending The user has ended it; the host may still prove work. Hardened only.
    /// @custom:value3 Completed Ended by one of the two; the rest is refunded.
    /// @custom:value4 TimedOut Ended by time after some work was proven; the rest is refunded.
    /// @custom:value5 Abandoned Ended by time without any proof; all of it is refunded.
    enum Status {
        None,
        Active,
        Ending,
        Completed,
        TimedOut,
        Abandoned
    }

    /// @notice What user and host agree on. Its hash is the job's id.
    /// @param user Payer; the only one who can create the job.
    /// @param host Provider.
    /// @param token ERC-20 token in which all amounts of the job are denoted.
    /// @param pricePerToken Price of one model token, in base units of `token`.
    /// @param deposit What the user pays in advance, in base units of `token`.
    /// @param durationSeconds Time from the creation within which work can be proven.
    /// @param salt Distinguishes jobs that agree on everything else.
    struct Terms {
        address user;
        address host;
        address token;
        uint128 pricePerToken;
        uint128 deposit;
        uint32 durationSeconds;
        uint256 salt;
    }

    /// @notice One job. All members are static, so that `job(id)` is 14 words by position.
    /// @param status Where the job stands.
    /// @param user Payer.
    /// @param host Provider.
    /// @param token Token of all amounts below.
    /// @param pricePerToken Price of one model token, in base units of `token`.
    /// @param deposit What the user has paid in advance, in base units of `token`.
    /// @param durationSeconds Time from `startedAt` within which work can be proven.
    /// @param startedAt Time of the creation, in seconds.
    /// @param provenTokens Model tokens that the host has proven, in all.
    /// @param billedTokens Those of them that the deposit pays for.
    /// @param hostAmount Host's share of what is billed, in base units of `token`, in all.
    /// @param treasuryAmount Treasury's share of what is billed, likewise.
    /// @param endsAt Time from which the job can be settled by anyone after the user's end, in
    /// seconds; 0 before that end and always 0 under the policy as described.
    /// @param claimUser Refund whose push failed, in base units of `token`.
    struct Job {
        // slots 0 to 2
        Status status;
        address user;
        address host;
        address token;
        // slot 3
        uint128 pricePerToken;
        uint128 deposit;
        // slot 4
        uint32 durationSeconds;
        uint64 startedAt;
        uint128 provenTokens;
        // slot 5
        uint128 billedTokens;
        uint128 hostAmount;
        // slot 6
        uint128 treasuryAmount;
        uint64 endsAt;
        // slot 7
        uint128 claimUser;
    }

    // ------------------------------------------------------------------------------------ events

    /// @notice The user has paid `deposit` base units of `token` in advance.
    event SessionCreated(
        bytes32 indexed jobId,
        address indexed user,
        address indexed host,
        address token,
        uint128 pricePerToken,
        uint128 deposit
    );

    /// @notice The host has proven `cumulativeTokens` model tokens in all, of which the deposit
    /// pays for `billedTokens`. The amounts are what this proof has added, in base units.
    event ProofAccepted(
        bytes32 indexed jobId,
        uint128 cumulativeTokens,
        uint128 billedTokens,
        uint256 hostAmount,
        uint256 treasuryAmount
    );

    /// @notice The user has ended the job; the host can prove work before `endsAt` (seconds).
    event EndRequested(bytes32 indexed jobId, uint64 endsAt);

    /// @notice The job is over with a bill of `billedTokens` model tokens; `refund` base units
    /// belong to the user. A `PaymentDeferred` follows if they could not be pushed.
    event SessionEnded(
        bytes32 indexed jobId,
        address indexed caller,
        uint128 billedTokens,
        uint256 refund
    );

    /// @notice A push of `amount` base units to `owner` failed; `owner` can `claim` it.
    event PaymentDeferred(bytes32 indexed jobId, address indexed owner, uint256 amount);

    /// @notice `host` has had all it had earned in `token`, `amount` base units, paid to `to`.
    /// @param jobId The job through which it asked; the earnings are of all its jobs.
    event EarningsWithdrawn(
        bytes32 indexed jobId,
        address indexed host,
        address indexed token,
        address to,
        uint256 amount
    );

    /// @notice The treasury has had all its shares in `token`, `amount` base units, paid to `to`.
    /// @param jobId The job through which it asked; the shares are of all jobs.
    event TreasuryWithdrawn(
        bytes32 indexed jobId,
        address indexed token,
        address to,
        uint256 amount
    );

    /// @notice `owner` has had `amount` base units, deferred before, paid to `to`.
    event Claimed(bytes32 indexed jobId, address indexed owner, address to, uint256 amount);

    // ------------------------------------------------------------------------------------ errors

    /// @notice Thrown when the token does not pay `amount` base units of a claim to `to`.
    error ClaimFailed(address to, uint256 amount);
    /// @notice Thrown when the deposit (base units) does not buy a single model token.
    error DepositBelowPrice(uint128 deposit, uint128 pricePerToken);
    /// @notice Thrown when the host is nobody, the user, or the escrow itself.
    error InvalidHost(address host);
    /// @notice Thrown at deployment when the host's share is more than the whole.
    error InvalidHostBps(uint16 hostBps);
    /// @notice Thrown when a payout is to go to the zero address or to the escrow itself.
    error InvalidRecipient(address to);
    /// @notice Thrown at deployment when the treasury is the zero address.
    error InvalidTreasury();
    /// @notice Thrown when a job that is not running is proven, ended or timed out.
    error NotActive(Status status);
    /// @notice Thrown when a job is timed out at or before `closesAt` (seconds).
    error NotExpired(uint256 closesAt);
    /// @notice Thrown when a withdrawal names a job that does not exist.
    error NotFound(bytes32 jobId);
    /// @notice Thrown when somebody else than the job's host proves work or withdraws earnings.
    error NotHost(address caller, address host);
    /// @notice Thrown when somebody else than user and host ends a job.
    error NotParty(address caller);
    /// @notice Thrown when somebody else than the treasury withdraws its shares.
    error NotTreasury(address caller, address treasury);
    /// @notice Thrown when somebody else than the user of the terms creates a job.
    error NotUser(address caller, address user);
    /// @notice Thrown when nothing of this job is owed to the caller as a deferred payment.
    error NothingToClaim(address caller);
    /// @notice Thrown when the account that is to be withdrawn is empty.
    error NothingToWithdraw();
    /// @notice Thrown when a job is created for terms that have been used before.
    error SessionExists(bytes32 jobId);
    /// @notice Thrown when work is proven after `closesAt` (seconds).
    error SessionExpired(uint256 closesAt);
    /// @notice Thrown when a proof does not raise the number of model tokens.
    error StaleProof(uint128 cumulativeTokens, uint128 provenTokens);
    /// @notice Thrown when the token does not pay `amount` base units of an account to `to`.
    error WithdrawFailed(address to, uint256 amount);
    /// @notice Thrown when a job would last no time.
    error ZeroDuration();
    /// @notice Thrown when a model token would cost nothing.
    error ZeroPrice();

    // ------------------------------------------------------------------------------------- views

    /// @notice The whole job, 14 static words.
    function job(bytes32 id) external view returns (Job memory);

    /// @notice The id of the job with these terms.
    function jobIdOf(Terms calldata terms) external pure returns (bytes32);

    /// @notice Last second in which work can be proven while the job is Active; 0 before.
    function closesAt(bytes32 id) external view returns (uint256);

    /// @notice What `host` has earned in `token` and not withdrawn, over all its jobs, in base
    /// units.
    function earnings(address host, address token) external view returns (uint256);

    /// @notice The treasury's shares in `token` that are not withdrawn, over all jobs, in base
    /// units.
    function treasuryBalance(address token) external view returns (uint256);

    // ----------------------------------------------------------------------------------- actions

    /// @notice Pays the deposit of a job with these terms in advance. Only their user, once per
    /// terms; needs an allowance of the deposit.
    /// @return id The job's id.
    function createSession(Terms calldata terms) external returns (bytes32 id);

    /// @notice Ends the job: by the host at once; how by the user is the policy's business.
    function endSession(bytes32 id) external;

    /// @notice Ends a job whose time is over. Anyone may call.
    function timeout(bytes32 id) external;

    /// @notice Pays all that the job's host has earned in the job's token, over all its jobs, to
    /// `to`. Only that host.
    function withdrawEarnings(bytes32 id, address to) external;

    /// @notice Pays all of the treasury's shares in the job's token, over all jobs, to `to`. Only
    /// the treasury.
    function withdrawTreasury(bytes32 id, address to) external;

    /// @notice Pays the user's deferred refund of this job to `to`. Only the user.
    function claim(bytes32 id, address to) external;
}
