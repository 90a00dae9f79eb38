// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMatchmakingWords} from "./IMatchmakingWords.sol";

/// @title IMatchmaking
/// @notice What both policies of the matchmaking share: types, views and the actions whose shape
/// does not depend on the policy (`accept` does, and is declared by each policy). Events and errors
/// stand in IMatchmakingWords.
/// @dev Units. Every rate is in base units of the request's token a second, every cap in base units
/// of it. Every time is a Unix time in seconds as the block states it; every duration is in
/// seconds. No token is held or moved: the tokens of the terms are only named.
interface IMatchmaking is IMatchmakingWords {
    /// @notice What a contract of this protocol is deployed with.
    /// @param matchmaker Proposes tutors to students.
    /// @param escrow Consumes quotes when students deposit, and reports the ends of sessions.
    /// @param proposalTtlSeconds Time that a tutor has to answer a proposal.
    /// @param maxAttempts Proposals of one search; only the hardened policy counts them.
    /// @param depositWindowSeconds Time that a student has to deposit after the acceptance.
    /// @param credentialSeconds Least billed time for a credential; likewise.
    struct Config {
        address matchmaker;
        address escrow;
        uint32 proposalTtlSeconds;
        uint8 maxAttempts;
        uint32 depositWindowSeconds;
        uint32 credentialSeconds;
    }

    /// @notice What a student asks for. Its hash is the request's id.
    /// @param student Asks; the only one who can make the request.
    /// @param token ERC-20 token in which rates are quoted.
    /// @param maxRate Most that the student would pay, in base units of `token` a second.
    /// @param cap Most that the student would deposit, in base units of `token`.
    /// @param salt Distinguishes requests that agree on everything else.
    struct Terms {
        address student;
        address token;
        uint128 maxRate;
        uint128 cap;
        uint256 salt;
    }

    /// @notice One request. All members are static, so that `matchRequest(id)` is 18 words by
    /// position.
    /// @param status Where the request stands.
    /// @param attempts Proposals of the present search.
    /// @param proposedAt Time of the last proposal, in seconds; 0 before.
    /// @param acceptedAt Time of the acceptance, in seconds; 0 before.
    /// @param billedSeconds What the session was billed for; 0 before its end.
    /// @param credentials Number of credentials minted for this request.
    /// @param ratingStudent Score that the student has given, 1 to 5; 0 before.
    /// @param ratingTutor Score that the tutor has given, 1 to 5; 0 before.
    /// @param rate What the tutor has accepted, in base units of `token` a second; 0 before.
    /// @param quoteExpiry First second in which the tutor's quote does not hold any more; 0 without
    /// a quote.
    /// @param bookedFor Time from which a booked request is proposed again, in seconds; 0 without.
    /// @param cap Most that the student would deposit by now, in base units of `token`.
    /// @param maxRate Most that the student would pay, in base units of `token` a second.
    /// @param boundUntil First second in which the request does not bind its tutor, in seconds; 0
    /// when it has let go, and the largest number while they are matched.
    /// @param tutor Of the present or else the last proposal; the zero address before the first.
    /// @param quoteNonce Of the accepted quote; 0 without.
    /// @param student Has made the request.
    /// @param token In which all amounts above are.
    struct Request {
        // slot 0
        Status status;
        uint32 attempts;
        uint64 proposedAt;
        uint64 acceptedAt;
        uint32 billedSeconds;
        uint32 credentials;
        uint8 ratingStudent;
        uint8 ratingTutor;
        // slot 1
        uint128 rate;
        uint64 quoteExpiry;
        uint64 bookedFor;
        // slot 2
        uint128 cap;
        uint128 maxRate;
        // slot 3
        uint64 boundUntil;
        address tutor;
        // slots 4 to 6
        uint256 quoteNonce;
        address student;
        address token;
    }

    // ------------------------------------------------------------------------------------- views

    /// @notice The whole request, 18 static words.
    function matchRequest(bytes32 id) external view returns (Request memory);

    /// @notice The id of the request with these terms.
    function requestIdOf(Terms calldata terms) external pure returns (bytes32);

    /// @notice Who has the credential of this request, the last one if there are several; the zero
    /// address when none was minted.
    function credentialHolder(bytes32 id) external view returns (address);

    // ----------------------------------------------------------------------------------- actions

    /// @notice Asks for a tutor. Only the student of the terms, once per terms.
    /// @return id The request's id.
    function requestMatch(Terms calldata terms) external returns (bytes32 id);

    /// @notice Proposes `tutor` to a request that is searching, waits on the list, or was booked
    /// and its time has come. Only the matchmaker.
    /// @param tutor Neither the student, the matchmaker, the escrow nor this contract.
    function propose(bytes32 id, address tutor) external;

    /// @notice Says that there is nobody to propose, and ends the search. Only the matchmaker.
    function noMatch(bytes32 id) external;

    /// @notice Turns the present proposal down. Only its tutor.
    function decline(bytes32 id) external;

    /// @notice Ends a proposal that was not answered. By whom and when is the policy's business.
    function lapse(bytes32 id) external;

    /// @notice Matches an accepted request as its student deposits. Only the escrow.
    /// @param student Who deposits.
    /// @param ratePerSecond At which rate, in base units of the request's token a second.
    /// @return tutor Who has accepted.
    /// @return token In which the rate was accepted.
    /// @return cap The most that the student would deposit, in base units of `token`.
    function consume(
        bytes32 id,
        address student,
        uint128 ratePerSecond
    ) external returns (address tutor, address token, uint128 cap);

    /// @notice Releases a tutor whose student does not deposit. By whom and when is the policy's
    /// business.
    function release(bytes32 id) external;

    /// @notice Lowers the cap to `cap` base units, no lower than the accepted rate, so that a
    /// deposit which failed can be tried with less. Only the student, while a deposit is awaited.
    function reduceCap(bytes32 id, uint128 cap) external;

    /// @notice Waits, after a search without a match, until a tutor comes; attempts are counted
    /// anew. Only the student.
    function waitlist(bytes32 id) external;

    /// @notice Books the next search, after one without a match, for `at` (seconds), which lies
    /// ahead; attempts are counted anew. Only the student.
    function book(bytes32 id, uint64 at) external;

    /// @notice Gives a request up that was not matched yet. Only the student.
    function cancel(bytes32 id) external;

    /// @notice Says that the session is over, with a bill of `billedSeconds`, and mints the
    /// student's credential if it has earned one. Only the escrow; how often, and what earns a
    /// credential, is the policy's business.
    function complete(bytes32 id, uint32 billedSeconds) external;

    /// @notice Moves the credential of this request, the last one if there are several, to `to`.
    /// Only its holder; refused where credentials are soulbound.
    function transferCredential(bytes32 id, address to) external;

    /// @notice Rates a session that is over with `score`, 1 to 5. By whom and how often is the
    /// policy's business.
    function rate(bytes32 id, uint8 score) external;
}
