// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IPaymentChannel
/// @notice What both policies of the payment channel share: types, events, errors and actions. The
/// errors of taking a deposit in stand in TokenMover.
/// @dev Units. Every amount is in base units of the channel's token (its own decimals). Every time
/// is a Unix time in seconds as the block states it; every duration is in seconds. Nothing is ever
/// divided, so nothing rounds.
interface IPaymentChannel {
    /// @notice Where a channel stands. That it has expired is a time and no status.
    /// @custom:value0 None Never opened.
    /// @custom:value1 Open Funded; vouchers can be redeemed.
    /// @custom:value2 Closing The payer has asked for the end; vouchers can still be redeemed.
    /// @custom:value3 Closed Over; what is left in the contract are deferred payments.
    enum Status {
        None,
        Open,
        Closing,
        Closed
    }

    /// @notice What payer and provider agree on. Its hash is the channel's id.
    /// @param payer Funds the channel and signs vouchers.
    /// @param provider Is paid by vouchers.
    /// @param token ERC-20 token in which all amounts of the channel are denoted.
    /// @param expirySeconds Time from the opening after which the payer can reclaim the rest.
    /// @param salt Distinguishes channels that agree on everything else.
    struct Terms {
        address payer;
        address provider;
        address token;
        uint32 expirySeconds;
        uint256 salt;
    }

    /// @notice One channel. All members are static, so that `channel(id)` is 11 words by position.
    /// @param status Where the channel stands.
    /// @param payer Funds the channel and signs vouchers.
    /// @param provider Is paid by vouchers.
    /// @param token Token of all amounts below.
    /// @param deposit All that the payer has put in, in base units of `token`.
    /// @param expirySeconds Time from `openedAt` after which the channel has expired.
    /// @param openedAt Time of the opening, in seconds.
    /// @param paid The provider's part of the deposit so far, deferred payments included.
    /// @param challengeEndsAt Time from which the channel can be finalised, in seconds; 0 before
    /// the payer has asked for the end.
    /// @param claimPayer Refund whose push failed, in base units of `token`.
    /// @param claimProvider Payments whose pushes failed, in base units of `token`.
    struct Channel {
        // slots 0 to 2
        Status status;
        address payer;
        address provider;
        address token;
        // slot 3
        uint128 deposit;
        uint32 expirySeconds;
        uint64 openedAt;
        // slot 4
        uint128 paid;
        uint64 challengeEndsAt;
        // slot 5
        uint128 claimPayer;
        uint128 claimProvider;
    }

    // ------------------------------------------------------------------------------------ events

    /// @notice A channel was opened with `amount` base units of `token`.
    event Opened(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed provider,
        address token,
        uint32 expirySeconds,
        uint128 amount
    );

    /// @notice The payer has added `amount` base units; `deposit` is what it has put in by now.
    event ToppedUp(bytes32 indexed channelId, uint128 amount, uint128 deposit);

    /// @notice A voucher over `cumulative` base units since the opening was redeemed; it has added
    /// `amount` base units to what is paid.
    event Redeemed(
        bytes32 indexed channelId,
        address indexed caller,
        uint128 cumulative,
        uint128 amount
    );

    /// @notice The payer has asked for the end; anyone can finalise from `challengeEndsAt` on
    /// (seconds).
    event CloseRequested(bytes32 indexed channelId, uint64 challengeEndsAt);

    /// @notice The channel is over: `amount` base units on top of what was paid before go to the
    /// provider, and `refund` base units to the payer.
    event ChannelClosed(
        bytes32 indexed channelId,
        address indexed caller,
        uint128 amount,
        uint128 refund
    );

    /// @notice A push of `amount` base units to `owner` failed; `owner` can `claim` it.
    event PaymentDeferred(bytes32 indexed channelId, address indexed owner, uint256 amount);

    /// @notice `owner` has had `amount` base units, deferred before, paid to `to`.
    event Claimed(bytes32 indexed channelId, address indexed owner, address to, uint256 amount);

    // ------------------------------------------------------------------------------------ errors

    /// @notice Thrown when the deposit would not fit into 128 bits (base units).
    error AmountTooLarge(uint256 deposit);
    /// @notice Thrown when a channel is finalised before `challengeEndsAt` (seconds).
    error ChallengeRunning(uint64 challengeEndsAt);
    /// @notice Thrown when a channel is opened for terms that have been used before.
    error ChannelExists(bytes32 channelId);
    /// @notice Thrown when a channel is topped up at or after `expiresAt` (seconds).
    error ChannelExpired(uint256 expiresAt);
    /// @notice Thrown when the token does not pay `amount` base units of a claim to `to`.
    error ClaimFailed(address to, uint256 amount);
    /// @notice Thrown when the provider is nobody, the payer, or the contract itself.
    error InvalidProvider(address provider);
    /// @notice Thrown when a payout is to go to the zero address or to the contract itself.
    error InvalidRecipient(address to);
    /// @notice Thrown when a voucher is not the payer's signature over this channel and number.
    error InvalidVoucher(bytes32 channelId, uint128 cumulative);
    /// @notice Thrown when a channel is finalised whose end nobody has asked for.
    error NotClosing(Status status);
    /// @notice Thrown when a channel is reclaimed before `reclaimableAt` (seconds).
    error NotExpired(uint256 reclaimableAt);
    /// @notice Thrown when an action needs a channel that is open.
    error NotOpen(Status status);
    /// @notice Thrown when somebody else than the channel's payer acts for it.
    error NotPayer(address caller, address payer);
    /// @notice Thrown when somebody who may not redeem or close tries to.
    error NotProvider(address caller, address provider);
    /// @notice Thrown when a voucher is redeemed on a channel that was never opened or is over.
    error NotRedeemable(Status status);
    /// @notice Thrown when nothing of this channel is owed to the caller as a deferred payment.
    error NothingToClaim(address caller);
    /// @notice Thrown when a voucher pays nothing beyond what is `paid` (base units).
    error StaleVoucher(uint128 cumulative, uint128 paid);
    /// @notice Thrown when nothing is offered.
    error ZeroAmount();
    /// @notice Thrown when a channel would expire at once.
    error ZeroExpiry();

    // ------------------------------------------------------------------------------------- views

    /// @notice The whole channel, 11 static words.
    function channel(bytes32 id) external view returns (Channel memory);

    /// @notice The id of the channel with these terms.
    function channelIdOf(Terms calldata terms) external pure returns (bytes32);

    /// @notice First second in which the channel has expired; 0 before it is opened.
    function expiresAt(bytes32 id) external view returns (uint256);

    /// @notice The EIP-712 digest that the payer signs for `cumulative` base units since the
    /// opening.
    function voucherDigest(bytes32 id, uint128 cumulative) external view returns (bytes32);

    // ----------------------------------------------------------------------------------- actions

    /// @notice Opens the channel with these terms. Only their payer, once per terms; needs an
    /// allowance of `amount` base units.
    /// @return id The channel's id.
    function open(Terms calldata terms, uint128 amount) external returns (bytes32 id);

    /// @notice Adds `amount` base units to the deposit. Only the payer, until the expiry.
    function topUp(bytes32 id, uint128 amount) external;

    /// @notice Pays what `voucher` promises beyond what is paid, as far as the deposit goes. Only
    /// the provider (hardened: or the watcher), until the channel is closed.
    /// @param cumulative What the payer has promised since the opening, in base units.
    /// @param voucher The payer's EIP-712 signature of a `Voucher` for this channel and number.
    function redeem(bytes32 id, uint128 cumulative, bytes calldata voucher) external;

    /// @notice Ends the channel at once: pays `voucher` and refunds the rest. Only the provider.
    /// @param cumulative As in `redeem`; 0 for none, in which case `voucher` is ignored.
    function close(bytes32 id, uint128 cumulative, bytes calldata voucher) external;

    /// @notice Asks for the end: the challenge begins. Only the payer.
    function requestClose(bytes32 id) external;

    /// @notice Ends a channel whose challenge is over and refunds the rest. Anyone may call.
    function finalise(bytes32 id) external;

    /// @notice Ends an expired channel and refunds the rest. Only the payer.
    function reclaimExpired(bytes32 id) external;

    /// @notice Pays the caller's deferred share of this channel to `to`.
    function claim(bytes32 id, address to) external;
}
