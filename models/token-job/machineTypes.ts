/**
 * Context and events of the token-job machine.
 *
 * Everything that the machine cannot know (block time, whether a token moves, whether a receipt is
 * genuine, what an account over all jobs holds) is a fact inside the event; that keeps it pure.
 */
import type { TransferInResult } from '../kit/token.ts'

export type JobRole = 'user' | 'host' | 'treasury' | 'stranger'

export interface JobInput {
  /** Kind of the job's token. */
  readonly token: string
  readonly pricePerTokenUnits: bigint
  /** What the terms ask for; it is locked by createSession. */
  readonly termsDepositUnits: bigint
  readonly durationSeconds: number
  readonly hostBps: bigint
  /** The machine of a policy without such a window sets it to zero. */
  readonly proofWindowSeconds: number
  /** Whether the named host is somebody other than the user, the contract or nobody. */
  readonly hostIsValid: boolean
}

export interface JobContext extends JobInput {
  /** What the contract may take from the user, in base units; 2^256 − 1 never runs out. */
  readonly allowanceUnits: bigint
  readonly depositUnits: bigint
  readonly startedAtSeconds: number
  /** Newest cumulative number of tokens that the host has proven. */
  readonly provenTokens: bigint
  /** The part of it that the deposit covers. */
  readonly billedTokens: bigint
  readonly hostUnits: bigint
  readonly treasuryUnits: bigint
  /** hardened: when the window for a last proof closes; 0 before the user asks for the end. */
  readonly endsAtSeconds: number
  /** A refund that could not be pushed, in base units. */
  readonly claimUserUnits: bigint
}

export type JobAction =
  | 'approve'
  | 'createSession'
  | 'submitProof'
  | 'endSession'
  | 'timeout'
  | 'withdrawEarnings'
  | 'withdrawTreasury'
  | 'claim'

export interface JobEvent {
  readonly type: JobAction
  readonly by: JobRole
  readonly atSeconds: number
  /** approve: base units that the contract may take from the caller. */
  readonly amountUnits?: bigint
  /** createSession: what becomes of the transfer, if the allowance suffices. */
  readonly transferIn?: TransferInResult
  /** submitProof: tokens delivered since the job began. */
  readonly cumulativeTokens?: bigint
  /** submitProof (hardened): signed by the user, for this job and this very number. */
  readonly receiptIsAuthentic?: boolean
  /** endSession, timeout: whether the token pays the user. */
  readonly paysUser?: boolean
  /** withdrawEarnings, withdrawTreasury: what the account over all jobs holds, in base units. */
  readonly onAccountUnits?: bigint
  /** withdrawals and claim: where to, and whether the token pays that address. */
  readonly payTo?: { readonly holder: string; readonly valid: boolean; readonly paid: boolean }
}
