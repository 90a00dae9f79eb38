// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IWithdrawal
/// @notice What both policies of the withdrawal share: types, events, errors and actions. The
/// errors of taking earnings in stand in TokenMover.
/// @dev Units. Every amount is in base units of the token in question (its own decimals). Every
/// time is a Unix time in seconds as the block states it; every duration is in seconds. A share in
/// `Bps` is in hundredths of a percent (10,000 is the whole).
interface IWithdrawal {
    /// @notice Where a withdrawal stands.
    /// @custom:value0 None Nobody has asked.
    /// @custom:value1 Pending The teacher has asked, no admin has answered.
    /// @custom:value2 Processing An admin has approved, the bank is to pay.
    /// @custom:value3 Completed The tokens have gone to the bank, or wait for its claim.
    /// @custom:value4 Rejected An admin has said no.
    /// @custom:value5 Failed The bank could not pay. Hardened only.
    /// @custom:value6 Cancelled The teacher has taken the request back. Hardened only.
    enum Status {
        None,
        Pending,
        Processing,
        Completed,
        Rejected,
        Failed,
        Cancelled
    }

    /// @notice What a contract of this protocol is deployed with.
    /// @param admins Approve and reject, each alone.
    /// @param bank The way out of the chain: what it gets is paid out as money.
    /// @param platform Pays earnings in and owns the commission.
    /// @param minimumUnits Least amount of a withdrawal, in base units of its token.
    /// @param processingTimeoutSeconds Time that the bank has after the approval; only the hardened
    /// policy has one.
    /// @param commissionBps Platform's part of what is paid in, in basis points.
    struct Config {
        address[] admins;
        address bank;
        address platform;
        uint128 minimumUnits;
        uint32 processingTimeoutSeconds;
        uint16 commissionBps;
    }

    /// @notice What is asked for. Its hash is the withdrawal's id.
    /// @param teacher Has earned the money; the only one who can ask for it.
    /// @param token ERC-20 token of the amount.
    /// @param amount What is to be paid, in base units of `token`.
    /// @param salt Distinguishes withdrawals that agree on everything else.
    struct Terms {
        address teacher;
        address token;
        uint128 amount;
        uint256 salt;
    }

    /// @notice One withdrawal. All members are static, so that `withdrawal(id)` is 8 words by
    /// position.
    /// @param status Where the withdrawal stands.
    /// @param amount What is to be paid, in base units of `token`.
    /// @param requestedAt Time of the request, in seconds.
    /// @param approvedAt Time of the approval, in seconds; 0 before.
    /// @param bankReference The bank's number of its payment; 0 before.
    /// @param claimBank Payment to the bank whose push failed, in base units of `token`.
    /// @param teacher Has earned the money.
    /// @param token Token of all amounts.
    struct Withdrawal {
        // slot 0
        Status status;
        uint128 amount;
        uint64 requestedAt;
        // slots 1 to 3
        uint64 approvedAt;
        uint256 bankReference;
        uint128 claimBank;
        // slots 4 and 5
        address teacher;
        address token;
    }

    // ------------------------------------------------------------------------------------ events

    /// @notice The platform has paid in what `teacher` has earned, `gross` base units of `token`;
    /// `commission` of them are the platform's.
    event Credited(
        address indexed teacher,
        address indexed token,
        uint256 gross,
        uint256 commission
    );

    /// @notice `teacher` asks for `amount` base units of `token`.
    event Requested(
        bytes32 indexed withdrawalId,
        address indexed teacher,
        address indexed token,
        uint128 amount
    );

    /// @notice An admin has approved.
    event Approved(bytes32 indexed withdrawalId, address indexed caller);

    /// @notice An admin has said no.
    event RequestRejected(bytes32 indexed withdrawalId, address indexed caller);

    /// @notice The bank pays, by its number `bankReference`; `amount` base units go to it. A
    /// `PaymentDeferred` follows if they could not be pushed.
    event Completed(
        bytes32 indexed withdrawalId,
        address indexed caller,
        uint256 bankReference,
        uint128 amount
    );

    /// @notice All of the platform's commission in `token`, `amount` base units, was paid to `to`.
    event CommissionWithdrawn(address indexed token, address to, uint256 amount);

    /// @notice A push of `amount` base units to `owner` failed; `owner` can `claim` it.
    event PaymentDeferred(bytes32 indexed withdrawalId, address indexed owner, uint256 amount);

    /// @notice `owner` has had `amount` base units, deferred before, paid to `to`.
    event Claimed(bytes32 indexed withdrawalId, address indexed owner, address to, uint256 amount);

    // ------------------------------------------------------------------------------------ errors

    /// @notice Thrown when less is asked for than the least amount of a withdrawal (base units).
    error BelowMinimum(uint128 amount, uint128 minimumUnits);
    /// @notice Thrown when `amount` base units of a claim cannot be paid to `to`.
    error ClaimFailed(address to, uint256 amount);
    /// @notice Thrown when more is asked for than the teacher's balance (base units).
    error InsufficientBalance(uint128 amount, uint256 available);
    /// @notice Thrown at deployment when there is no admin, an address is missing, or the
    /// commission is more than the whole.
    error InvalidConfig();
    /// @notice Thrown when a payout is to go to the zero address or to the contract itself.
    error InvalidRecipient(address to);
    /// @notice Thrown when somebody else than an admin does what is an admin's.
    error NotAdmin(address caller);
    /// @notice Thrown when a withdrawal is answered that does not wait for an answer.
    error NotPending(Status status);
    /// @notice Thrown when somebody else than the platform does what is the platform's.
    error NotPlatform(address caller, address platform);
    /// @notice Thrown when a withdrawal is completed, or fails, that the bank is not to pay.
    error NotProcessing(Status status);
    /// @notice Thrown when somebody else than the teacher acts for it.
    error NotTeacher(address caller, address teacher);
    /// @notice Thrown when nothing of this withdrawal is owed to the caller as a deferred payment.
    error NothingToClaim(address caller);
    /// @notice Thrown when there is no commission to be withdrawn.
    error NothingToWithdraw();
    /// @notice Thrown when a request has terms that have been used before.
    error RequestExists(bytes32 withdrawalId);
    /// @notice Thrown when `amount` base units of commission cannot be paid to `to`.
    error WithdrawFailed(address to, uint256 amount);
    /// @notice Thrown when nothing is paid in.
    error ZeroAmount();

    // ------------------------------------------------------------------------------------- views

    /// @notice The whole withdrawal, 8 static words.
    function withdrawal(bytes32 id) external view returns (Withdrawal memory);

    /// @notice The id of the withdrawal with these terms.
    function withdrawalIdOf(Terms calldata terms) external pure returns (bytes32);

    /// @notice What `teacher` may ask for, in base units of `token`.
    function availableOf(address teacher, address token) external view returns (uint256);

    /// @notice What has left the teacher's balance and must go to the bank or come back, in base
    /// units of `token`.
    function pendingOf(address teacher, address token) external view returns (uint256);

    /// @notice The platform's commission that is not withdrawn, in base units of `token`.
    function commissionOf(address token) external view returns (uint256);

    // ----------------------------------------------------------------------------------- actions

    /// @notice Pays in what `teacher` has earned, of which the platform keeps its commission. Only
    /// the platform; needs an allowance of `gross` base units.
    function credit(address teacher, address token, uint128 gross) external;

    /// @notice Asks for a withdrawal with these terms. Only their teacher, once per terms.
    /// @return id The withdrawal's id.
    function request(Terms calldata terms) external returns (bytes32 id);

    /// @notice Hands a request on to the bank. Only an admin.
    function approve(bytes32 id) external;

    /// @notice Says no to a request. Only an admin.
    function reject(bytes32 id) external;

    /// @notice Says that the bank pays, and sends it the tokens. By whom is the policy's business.
    /// @param bankReference The bank's number of its payment.
    function complete(bytes32 id, uint256 bankReference) external;

    /// @notice Says that the bank could not pay. What comes of it is the policy's business.
    function bankFailed(bytes32 id) external;

    /// @notice Takes a request back. Whether that is possible is the policy's business.
    function cancel(bytes32 id) external;

    /// @notice Pays all commission in `token` to `to`. Only the platform.
    function withdrawCommission(address token, address to) external;

    /// @notice Pays the bank's deferred payment of this withdrawal to `to`. Only the bank.
    function claim(bytes32 id, address to) external;
}
