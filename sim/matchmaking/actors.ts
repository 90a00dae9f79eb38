/**
 * Who takes part in the world of matchmaking, what they say to each other, what they see of the
 * chain and what they tell the record; the shapes are the kit's.
 *
 * `sessionEscrow` is the desk of the session escrow: it takes deposits, for which it consumes the
 * acceptance in the same transaction, and reports the end of the session. What it holds is another
 * contract's business; here it is only known how much a student can pay.
 */
import { MATCHMAKING_STUDENTS, MATCHMAKING_TUTORS } from '../../models/matchmaking/cast.ts'
import type { FaultTargets } from '../faults/targets.ts'
import type {
  Effect as AnyEffect,
  Input as AnyInput,
  Intent as AnyIntent,
  Step as AnyStep,
} from '../world/actors.ts'
import type { ChainView } from '../world/chainSide.ts'

export const STUDENTS = MATCHMAKING_STUDENTS
export const TUTORS = MATCHMAKING_TUTORS
export const ACTORS = [...STUDENTS, ...TUTORS, 'matchmaker', 'sessionEscrow', 'stranger'] as const
export type Actor = (typeof ACTORS)[number]

/** Whom faults may hit. The stranger's node may fail, but no regime draws anything for it. */
export const MATCHMAKING_TARGETS: FaultTargets = {
  // Students and tutors sit at devices of their own, the others stand in data centres.
  access: [...STUDENTS, ...TUTORS],
  clocked: [...STUDENTS, ...TUTORS, 'matchmaker', 'sessionEscrow'],
  senders: [...STUDENTS, ...TUTORS, 'matchmaker', 'sessionEscrow'],
  heartbeats: [],
  keepers: ['matchmaker', 'sessionEscrow'],
  guests: ['stranger'],
}

/** A quote as its tutor signed it. */
export interface Quote {
  readonly tutor: number
  readonly rateUnits: bigint
  readonly expirySeconds: number
  readonly nonce: bigint
}

export type Message =
  /** What the student looks for; said again until it is noted. */
  | { readonly kind: 'wish'; readonly request: number }
  | { readonly kind: 'noted'; readonly request: number }
  /** Whether the tutor takes students; said again until it is seen. */
  | {
      readonly kind: 'status'
      readonly tutor: number
      readonly number: number
      readonly isOnline: boolean
    }
  | { readonly kind: 'seen'; readonly number: number }
  | { readonly kind: 'quote'; readonly request: number; readonly quote: Quote }
  | { readonly kind: 'deposit'; readonly request: number; readonly rateUnits: bigint }
  /** The tokens could not be taken: for want of them, or for no reason that lasts. */
  | { readonly kind: 'failed'; readonly request: number; readonly isForWant: boolean }

/** One request as every reader of the chain sees it; times of the contract. */
export interface Item {
  readonly state: string
  readonly attempts: number
  readonly proposedAtSeconds: number
  readonly acceptedAtSeconds: number
  readonly rateUnits: bigint
  /** Place among the tutors; −1 for nobody. */
  readonly tutor: number
  /** Infinite in a match. */
  readonly boundUntilSeconds: number
  readonly capUnits: bigint
  readonly bookedForSeconds: number
  readonly ratingStudent: number
  readonly ratingTutor: number
}

export interface MatchReading {
  readonly items: readonly Item[]
}
export type MatchView = ChainView<MatchReading>

export type TimerName = 'begin' | 'wake' | 'wallet'

export type Input = AnyInput<Message, MatchView, TimerName>

export type Action =
  | 'request'
  | 'propose'
  | 'noMatch'
  | 'accept'
  | 'decline'
  | 'lapse'
  | 'consume'
  | 'release'
  | 'reduceCap'
  | 'waitlist'
  | 'book'
  | 'cancel'
  | 'complete'
  | 'transferCredential'
  | 'rate'
export type Intent = AnyIntent<Action>

/** What only a participant knows, for the record and the ground truth. */
export type Mark =
  /** A tutor offers its own rate for a request, and signs (as described: sends) another or it. */
  | {
      readonly kind: 'offered'
      readonly request: number
      readonly ownRateUnits: bigint
      readonly quote: Quote
    }
  | { readonly kind: 'online'; readonly tutor: number; readonly isOnline: boolean }
  /** The student asks for a tutor. */
  | { readonly kind: 'wanted'; readonly request: number }
  /** The student sees that it cannot pay what it would offer, and asks for nothing. */
  | { readonly kind: 'unfunded'; readonly request: number }
  /** The student has waited for long enough and wants to give up. */
  | { readonly kind: 'impatient'; readonly request: number }

export type Effect = AnyEffect<Message, Mark, Actor, TimerName>
export type Effects = readonly Effect[]
export type Step<State> = AnyStep<State, Effect>

/** States in which a student can give up. */
export const OPEN_STATES: readonly string[] = [
  ...['Searching', 'Proposed', 'AwaitingDeposit', 'NoMatch', 'Waitlisted', 'Booked'],
]
/** What is not answered is said again after this time. */
export const SAID_AGAIN_MS = 5_000
