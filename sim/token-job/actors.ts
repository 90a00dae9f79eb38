/**
 * Who takes part in the world of token-job, what they say to each other, what they see of the chain
 * and what they tell the record; the shapes are the kit's.
 */
import type { ReceiptKind } from '../../models/token-job/cast.ts'
import type { FaultTargets } from '../faults/targets.ts'
import type {
  Effect as AnyEffect,
  Input as AnyInput,
  Intent as AnyIntent,
  Step as AnyStep,
} from '../world/actors.ts'
import type { ChainView } from '../world/chainSide.ts'

export const ACTORS = ['user', 'host', 'registry', 'treasury', 'stranger'] as const
export type Actor = (typeof ACTORS)[number]
export type Model = 'slow' | 'fast'

/** Whom faults may hit. The stranger's node may fail, but no regime draws anything for it. */
export const JOB_TARGETS: FaultTargets = {
  access: ['user', 'host'],
  clocked: ['user', 'host', 'registry', 'treasury'],
  senders: ['user', 'host', 'treasury'],
  // Signs of life are the proofs, which are transactions.
  heartbeats: [],
  guests: ['stranger'],
}

/** A host as the registry lists it. */
export interface ListedHost {
  readonly active: boolean
  readonly model: Model
}

/** How the search for a host ended. */
export type DiscoveryOutcome =
  | 'found'
  | 'no-active-host'
  | 'no-host-with-model'
  | 'discovery-failed'

/**
 * Receipts travel as the number of tokens that the user signed for, 0 for none: nobody but the user
 * can make one, so nothing else has to be said of a genuine one.
 */
export type Message =
  | { readonly kind: 'discover'; readonly attempt: number }
  | { readonly kind: 'hosts'; readonly attempt: number; readonly models: readonly Model[] }
  /** Asks for an answer; sent again, it says from where the answer is to be resumed. */
  | {
      readonly kind: 'prompt'
      readonly index: number
      readonly answerTokens: number
      readonly receivedTokens: number
      readonly receiptTokens: number
    }
  | { readonly kind: 'receipt'; readonly receiptTokens: number }
  /** The user has what it wanted; with its last receipt. */
  | { readonly kind: 'done'; readonly receiptTokens: number }
  /**
   * The stream is reliable: a piece that arrives brings all that was sent before it.
   * `claimedTokens` is what the host says that it has delivered.
   */
  | { readonly kind: 'piece'; readonly untilTokens: number; readonly claimedTokens: number }

/** The job as every reader of the chain sees it after some block. */
export interface JobReading {
  readonly state: string
  readonly allowanceUnits: bigint
  readonly startedAtSeconds: number
  readonly provenTokens: number
  readonly billedTokens: number
  readonly endsAtSeconds: number
  readonly claimUserUnits: bigint
  /** What lies on the accounts of host and treasury. */
  readonly earningsUnits: bigint
  readonly treasuryUnits: bigint
}
export type JobView = ChainView<JobReading>

export type TimerName =
  | 'begin'
  | 'search'
  | 'stall'
  | 'think'
  | 'piece'
  | 'patience'
  | 'round'
  | 'wake'
  | 'wallet'

export type Input = AnyInput<Message, JobView, TimerName>

export type Action =
  | 'approve'
  | 'createSession'
  | 'submitProof'
  | 'endSession'
  | 'timeout'
  | 'withdrawEarnings'
  | 'withdrawTreasury'
  | 'claim'
export type Intent = AnyIntent<Action>

/** Why somebody took the job as over. */
export type LeaveReason = 'satisfied' | 'deposit-used' | 'early' | 'vanished' | 'silence' | 'closed'

/** What only a participant knows, for the record and the ground truth. */
export type Mark =
  | { readonly kind: 'searched'; readonly outcome: DiscoveryOutcome; readonly attempts: number }
  | { readonly kind: 'prompted' | 'first-token' | 'answered'; readonly index: number }
  /** Tokens that have reached the user by now, all told: the ground truth of delivery. */
  | { readonly kind: 'received'; readonly tokens: number }
  /** The user signed for so many tokens. */
  | { readonly kind: 'signed'; readonly tokens: number }
  /** The host holds a receipt for so many tokens. */
  | { readonly kind: 'held'; readonly tokens: number }
  | { readonly kind: 'sent'; readonly tokens: number }
  /** The host has reason to submit a proof of so many tokens. */
  | { readonly kind: 'due'; readonly tokens: number }
  | { readonly kind: 'left'; readonly reason: LeaveReason }

export type Effect = AnyEffect<Message, Mark, Actor, TimerName>
export type Effects = readonly Effect[]
export type Step<State> = AnyStep<State, Effect>

export const ENDED_STATES: readonly string[] = ['Completed', 'TimedOut', 'Abandoned']

export function hasEnded({ state }: JobReading): boolean {
  return ENDED_STATES.includes(state)
}

/** A proof as the host presents it. */
export interface PresentedProof {
  readonly tokens: number
  readonly receipt: ReceiptKind
}
