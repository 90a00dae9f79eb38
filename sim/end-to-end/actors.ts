/**
 * Who takes part in a journey, what they say to each other, what they see of the three contracts
 * and what they tell the record.
 *
 * The call and the withdrawal are played by the participants of their own worlds; a journey adds
 * those who match. `teacher` is the tutor again, with the page on which it asks for its earnings:
 * another process, and one account on the chain.
 */
import type { FaultTargets } from '../faults/targets.ts'
import type {
  Mark as CallMark,
  Message as CallMessage,
  SessionReading,
} from '../session-escrow/actors.ts'
import type {
  Mark as PayoutMark,
  Message as PayoutMessage,
  WithdrawalReading,
} from '../withdrawal/actors.ts'
import type {
  Effect as AnyEffect,
  Input as AnyInput,
  Intent as AnyIntent,
  Step as AnyStep,
} from '../world/actors.ts'
import type { ChainView } from '../world/chainSide.ts'

export const ACTORS = [
  ...['student', 'tutor', 'matchmaker', 'service', 'relayer', 'platform'],
  ...['teacher', 'admin0', 'admin1', 'bank', 'rail'],
] as const
export type Actor =
  | 'student'
  | 'tutor'
  | 'matchmaker'
  | 'service'
  | 'relayer'
  | 'platform'
  | 'teacher'
  | 'admin0'
  | 'admin1'
  | 'bank'
  | 'rail'

/** Participants under their names on the chain. */
export const PARTICIPANTS: Readonly<Record<string, string>> = {
  student: 'student0',
  tutor: 'tutor0',
  teacher: 'tutor0',
}
/** The tutor's two processes send from one account. */
export const ACCOUNT_OF: Readonly<Record<string, string>> = { teacher: 'tutor' }

/** Whom faults may hit. Every journey has a drop of its own, so that no regime draws another. */
export const JOURNEY_TARGETS: FaultTargets = {
  access: ['student', 'tutor', 'teacher', 'admin0', 'admin1'],
  clocked: [...ACTORS],
  senders: [
    ...['student', 'tutor', 'matchmaker', 'relayer', 'platform'],
    ...['teacher', 'admin0', 'admin1', 'bank'],
  ],
  heartbeats: ['student', 'tutor'],
  keepers: ['matchmaker', 'relayer', 'bank'],
  finalDrops: [],
}

/** A tutor's signed offer, as it travels to whoever brings it to the chain. */
export interface Offer {
  readonly kind: 'quote'
  /** The proposal that it answers, by the second in which that was made. */
  readonly proposedAtSeconds: number
  readonly rateUnits: bigint
  readonly expirySeconds: number
  readonly nonce: bigint
}
export type Message = CallMessage | PayoutMessage | Offer

export type Mark = CallMark | PayoutMark

/** The request as every reader of the chain sees it. */
export interface MatchReading {
  readonly state: string
  readonly attempts: number
  /** Whom it was proposed to last, by name; null before. */
  readonly tutor: string | null
  readonly proposedAtSeconds: number
  /** First second in which the tutor is not bound. */
  readonly boundUntilSeconds: number
  readonly ratingStudent: number
  readonly ratingTutor: number
}

/** All three contracts as every reader sees them after some block. */
export interface JourneyReading {
  readonly match: MatchReading
  readonly session: SessionReading
  readonly withdrawal: WithdrawalReading
}
export type JourneyView = ChainView<JourneyReading>

export type Input = AnyInput<Message, JourneyView>
export type Effect = AnyEffect<Message, Mark>
export type Effects = readonly Effect[]
export type Step<State> = AnyStep<State, Effect>
export type Intent = AnyIntent
