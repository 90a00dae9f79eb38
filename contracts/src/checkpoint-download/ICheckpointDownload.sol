// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ICheckpointDownload
/// @notice What both policies of the checkpoint download share: types, events, errors and the
/// actions whose shape does not depend on the policy (`pay` does, and is declared by each policy).
/// The errors of taking a payment in stand in TokenMover.
/// @dev Units. Every amount is in base units of the download's token (its own decimals). A number
/// of bytes is a plain number of bytes; what is in MiB (2^20 bytes) says so in its name. A share in
/// `Bps` is in hundredths of a percent (10,000 is the whole). Every division rounds down.
interface ICheckpointDownload {
    /// @notice Where a download stands.
    /// @custom:value0 None Never opened.
    /// @custom:value1 Serving Chunks are sent.
    /// @custom:value2 WaitingForPayment A payment is due, or reported and not yet confirmed.
    /// @custom:value3 PaymentFailed The token did not move.
    /// @custom:value4 Completed The whole file was reported as delivered.
    /// @custom:value5 Cancelled A party has left.
    enum Status {
        None,
        Serving,
        WaitingForPayment,
        PaymentFailed,
        Completed,
        Cancelled
    }

    /// @notice When what is due.
    /// @custom:value0 Exponential At checkpoints, each segment larger than the last.
    /// @custom:value1 Upfront Everything before the first byte.
    /// @custom:value2 Constant At checkpoints, all segments of one size.
    enum Mode {
        Exponential,
        Upfront,
        Constant
    }

    /// @notice What downloader and seeders agree on. Its hash is the download's id.
    /// @param downloader Wants the file and pays; the only one who can open the download.
    /// @param token ERC-20 token in which all amounts of the download are denoted.
    /// @param seeders One to eight, each once; they are named by their positions here.
    /// @param fileBytes Size of the file, in bytes.
    /// @param pricePerMebibyte Price of 2^20 bytes, in base units of `token`; at least one for
    /// each seeder.
    /// @param mode When what is due.
    /// @param firstMebibytes Size of the first segment, in MiB.
    /// @param growthBps Size of a segment in proportion to the one before, in basis points
    /// (Exponential only).
    /// @param salt Distinguishes downloads that agree on everything else.
    struct Terms {
        address downloader;
        address token;
        address[] seeders;
        uint64 fileBytes;
        uint128 pricePerMebibyte;
        Mode mode;
        uint32 firstMebibytes;
        uint32 growthBps;
        uint256 salt;
    }

    /// @notice One download. All members are static, so that `download(id)` is 49 words by
    /// position. Places of the arrays beyond `seederCount` are zero.
    /// @param status Where the download stands.
    /// @param mode When what is due.
    /// @param seederCount How many seeders it has.
    /// @param downloader Wants the file and pays.
    /// @param fileBytes Size of the file, in bytes.
    /// @param token Token of all amounts below.
    /// @param growthBps Growth of the segments, in basis points.
    /// @param checkpoint Payments credited so far, which is the number of the next one.
    /// @param pricePerMebibyte Price of 2^20 bytes, in base units of `token`.
    /// @param threshold Bytes in all at which the next payment is due; 0 in mode Upfront. Wider
    /// than a number of bytes, since it may lie beyond the end of the largest file.
    /// @param segment Bytes between the last threshold and this one; 0 in mode Upfront.
    /// @param total Bytes delivered by all seeders together.
    /// @param billed Bytes that payments were credited for.
    /// @param due What is to be paid now; not zero in WaitingForPayment and PaymentFailed alone.
    /// @param pending What was reported as paid and is not confirmed (as-described only).
    /// @param locked What lies here for bytes to come (hardened, mode Upfront only).
    /// @param claimDownloader Refund whose push failed.
    /// @param seeders In the order of the terms.
    /// @param delivered Bytes that each seeder has delivered.
    /// @param paid What each seeder has got so far, deferred payments included.
    /// @param claims Payments to each seeder whose pushes failed.
    struct Download {
        // slot 0
        Status status;
        Mode mode;
        uint8 seederCount;
        address downloader;
        uint64 fileBytes;
        // slot 1
        address token;
        uint32 growthBps;
        uint32 checkpoint;
        // slot 2
        uint128 pricePerMebibyte;
        uint128 threshold;
        // slot 3
        uint64 segment;
        uint64 total;
        uint64 billed;
        // slots 4 and 5
        uint128 due;
        uint128 pending;
        uint128 locked;
        uint128 claimDownloader;
        // 8, 2, 4 and 4 slots
        address[8] seeders;
        uint64[8] delivered;
        uint128[8] paid;
        uint128[8] claims;
    }

    // ------------------------------------------------------------------------------------ events

    /// @notice A download of `fileBytes` bytes from `seeders` seeders was opened.
    event Opened(
        bytes32 indexed downloadId,
        address indexed downloader,
        address indexed token,
        uint256 seeders,
        uint64 fileBytes,
        uint128 pricePerMebibyte
    );

    /// @notice `seeder` has delivered `deliveredBytes` bytes by now, all seeders `totalBytes`.
    event ProgressReported(
        bytes32 indexed downloadId,
        address indexed seeder,
        uint64 deliveredBytes,
        uint64 totalBytes
    );

    /// @notice Nothing is served until payment number `checkpoint`, `amount` base units, is made.
    event PaymentRequired(bytes32 indexed downloadId, uint32 checkpoint, uint128 amount);

    /// @notice The downloader says that it has paid `amount` base units under `paymentReference`;
    /// with that it sends `sent` base units. As-described only.
    event PaymentReported(
        bytes32 indexed downloadId,
        bytes32 indexed paymentReference,
        uint128 amount,
        uint128 sent
    );

    /// @notice A seeder believes payment number `checkpoint`. As-described only.
    event Confirmed(bytes32 indexed downloadId, uint32 checkpoint);

    /// @notice Payment number `checkpoint`, `amount` base units, has arrived. Hardened only.
    event CheckpointPaid(bytes32 indexed downloadId, uint32 checkpoint, uint128 amount);

    /// @notice The token did not move for payment number `checkpoint` of `amount` base units.
    event PaymentFailed(bytes32 indexed downloadId, uint32 checkpoint, uint128 amount);

    /// @notice The whole file, `totalBytes` bytes, was delivered; `refund` base units belong to
    /// the downloader.
    event Completed(bytes32 indexed downloadId, uint64 totalBytes, uint128 refund);

    /// @notice `caller` has left after `totalBytes` bytes; `refund` base units belong to the
    /// downloader.
    event Cancelled(
        bytes32 indexed downloadId,
        address indexed caller,
        uint64 totalBytes,
        uint128 refund
    );

    /// @notice A push of `amount` base units to `owner` failed; `owner` can `claim` it.
    event PaymentDeferred(bytes32 indexed downloadId, address indexed owner, uint256 amount);

    /// @notice `owner` has had `amount` base units, deferred before, paid to `to`.
    event Claimed(bytes32 indexed downloadId, address indexed owner, address to, uint256 amount);

    // ------------------------------------------------------------------------------------ errors

    /// @notice Thrown when a payment is reported while another, `pending` base units, is not
    /// confirmed. As-described only.
    error AlreadyPending(uint128 pending);
    /// @notice Thrown when the price of the whole file (base units) does not fit into 128 bits.
    error AmountTooLarge(uint256 price);
    /// @notice Thrown when more than the file is reported as delivered (bytes).
    error BeyondFile(uint256 totalBytes, uint64 fileBytes);
    /// @notice Thrown when the report reaches `limitBytes`, where the next segment would end: what
    /// is due has to be paid first. Hardened only.
    error BeyondSegment(uint256 totalBytes, uint256 limitBytes);
    /// @notice Thrown when the first segment is smaller than the contract admits (MiB).
    error CheckpointTooSmall(uint32 firstMebibytes, uint32 minCheckpointMebibytes);
    /// @notice Thrown when the token does not pay `amount` base units of a claim to `to`.
    error ClaimFailed(address to, uint256 amount);
    /// @notice Thrown when a download is opened for terms that have been used before.
    error DownloadExists(bytes32 downloadId);
    /// @notice Thrown when a download is completed before the whole file is delivered (bytes).
    error Incomplete(uint64 totalBytes, uint64 fileBytes);
    /// @notice Thrown when segments would shrink, or grow more than tenfold (basis points).
    error InvalidGrowth(uint32 growthBps);
    /// @notice Thrown at deployment when a limit is zero (MiB).
    error InvalidLimits(uint32 minCheckpointMebibytes, uint32 maxCheckpointMebibytes);
    /// @notice Thrown when a payout is to go to the zero address or to the contract itself.
    error InvalidRecipient(address to);
    /// @notice Thrown when there are no seeders or more than eight (`seeder` is then zero), or when
    /// `seeder` is nobody, the downloader, the contract itself, or named twice.
    error InvalidSeeders(uint256 count, address seeder);
    /// @notice Thrown when a failed payment is tried again. As-described only.
    error NoRetry();
    /// @notice Thrown when a download is cancelled that was never opened or is over
    /// (as-described: or whose payment has failed).
    error NotCancellable(Status status);
    /// @notice Thrown when somebody else than the downloader acts for it.
    error NotDownloader(address caller, address downloader);
    /// @notice Thrown when a payment is tried again that has not failed.
    error NotFailed(Status status);
    /// @notice Thrown when somebody else than downloader and seeders ends a download.
    error NotParty(address caller);
    /// @notice Thrown when somebody else than a seeder confirms, or than the named one reports.
    error NotSeeder(address caller);
    /// @notice Thrown when an action needs a download that is being served.
    error NotServing(Status status);
    /// @notice Thrown when nothing of this download is owed to the caller as a deferred payment.
    error NothingToClaim(address caller);
    /// @notice Thrown when no payment has been reported that could be confirmed.
    error NothingToConfirm();
    /// @notice Thrown when nothing is to be paid or confirmed now.
    error NotWaiting(Status status);
    /// @notice Thrown when a report brings nothing beyond what the seeder has `deliveredBytes`.
    error StaleProgress(uint64 reportedBytes, uint64 deliveredBytes);
    /// @notice Thrown when the download has only `seeders` seeders, numbered from 0.
    error UnknownSeeder(uint8 seeder, uint8 seeders);
    /// @notice Thrown when the amount is not what is `due`, or less than what is sent with it
    /// (base units).
    error WrongAmount(uint128 amount, uint128 due);
    /// @notice Thrown when a payment is for another checkpoint than the `expected` one. Hardened
    /// only.
    error WrongCheckpoint(uint32 checkpoint, uint32 expected);
    /// @notice Thrown when the file has no bytes.
    error ZeroFile();
    /// @notice Thrown when a MiB costs less than one base unit for each of the `seeders`.
    error ZeroPrice(uint128 pricePerMebibyte, uint256 seeders);

    // ------------------------------------------------------------------------------------- views

    /// @notice The whole download, 49 static words.
    function download(bytes32 id) external view returns (Download memory);

    /// @notice The id of the download with these terms.
    function downloadIdOf(Terms calldata terms) external pure returns (bytes32);

    // ----------------------------------------------------------------------------------- actions

    /// @notice Opens the download with these terms. Only their downloader, once per terms. In mode
    /// Upfront the whole price is due at once.
    /// @return id The download's id.
    function open(Terms calldata terms) external returns (bytes32 id);

    /// @notice Reports that seeder number `seeder` has delivered `deliveredBytes` bytes by now.
    /// Only while the download is being served; who reports is the policy's business.
    function reportProgress(bytes32 id, uint8 seeder, uint64 deliveredBytes) external;

    /// @notice Tries a payment again that has failed; the policy as described always refuses.
    /// Only the downloader; needs an allowance of `amount` base units.
    /// @param checkpoint Number of the payment.
    /// @param amount What is due, in base units.
    function retryPayment(bytes32 id, uint32 checkpoint, uint128 amount) external;

    /// @notice Believes the payment that was reported: serving goes on. Only a seeder. Under the
    /// hardened policy there is never anything to confirm.
    function confirm(bytes32 id) external;

    /// @notice Ends a download whose whole file was delivered. Only downloader and seeders.
    function complete(bytes32 id) external;

    /// @notice Ends a download early. Only downloader and seeders.
    function cancel(bytes32 id) external;

    /// @notice Pays the caller's deferred share of this download to `to`.
    function claim(bytes32 id, address to) external;
}
