/**
 * Who takes part in the world of attendance-hold, what they say to each other, what they see of the
 * chain and what they tell the record; the shapes are the kit's.
 *
 * `room` is the call platform with the room of the lesson, `platform` the marketplace. Keeper and
 * second keeper are two processes of one job: they share an account and know nothing of each other.
 */
import type {
  CallEvent,
  Presence as SignedSpan,
} from '../../models/attendance-hold/attendanceReducer.ts'
import type { FaultTargets } from '../faults/targets.ts'
import type {
  Effect as AnyEffect,
  Input as AnyInput,
  Intent as AnyIntent,
  Step as AnyStep,
} from '../world/actors.ts'
import type { ChainView } from '../world/chainSide.ts'

export const ACTORS = [
  'student',
  'teacher',
  'referrer',
  'platform',
  'room',
  'attestor',
  'keeper',
  'secondKeeper',
  'stranger',
] as const
export type Actor = (typeof ACTORS)[number]

/** Those who are in a lesson. */
export const SIDES = ['student', 'teacher'] as const
export type Side = (typeof SIDES)[number]
/** The processes of the keeper's job. */
export const KEEPERS = ['keeper', 'secondKeeper'] as const
export type Keeper = (typeof KEEPERS)[number]

/** Whom faults may hit. The stranger's node may fail, but no regime draws anything for it. */
export const HOLD_TARGETS: FaultTargets = {
  access: SIDES,
  clocked: [...SIDES, 'room', 'attestor', ...KEEPERS],
  senders: [...SIDES, 'attestor', ...KEEPERS],
  // Who is in the room shows by media, and nobody signs for it.
  heartbeats: [],
  keepers: ['attestor', ...KEEPERS],
  guests: ['stranger'],
}

/** What the attestor has signed so far. */
export interface Attested {
  readonly endedAtSeconds: number | null
  /** Null as long as webhooks may still come; ascending, the record of each is its number. */
  readonly records: readonly SignedSpan[] | null
}

export type Message =
  /** A client enters the room or leaves it, and says so until the room answers; `count` grows. */
  | { readonly kind: 'enter' | 'leave'; readonly from: Side; readonly count: number }
  /** The teacher ends the call for everybody. */
  | { readonly kind: 'close'; readonly from: Side; readonly count: number }
  | { readonly kind: 'answered'; readonly count: number }
  | { readonly kind: 'closed' }
  | { readonly kind: 'webhook'; readonly event: CallEvent }
  | { readonly kind: 'received'; readonly id: string }
  /** A side asks the attestor for what it has signed. */
  | { readonly kind: 'ask'; readonly from: Side }
  | { readonly kind: 'attested'; readonly attested: Attested }

/** The hold as every reader of the chain sees it after some block. */
export interface HoldReading {
  readonly state: string
  readonly finishedAtSeconds: number
  readonly lengthSeconds: number
  readonly attendedSeconds: number
  readonly intervals: number
  /** Shares that wait to be claimed. */
  readonly claimUnits: Readonly<Record<'student' | 'teacher' | 'referrer' | 'platform', bigint>>
}
export type HoldView = ChainView<HoldReading>

export type TimerName =
  | 'begin'
  | 'enter'
  | 'leave'
  | 'line'
  | 'repeat'
  | 'notice'
  | 'silence'
  | 'empty'
  | 'curfew'
  | 'webhook'
  | 'round'
  | 'work'
  | 'patience'
  | 'ask'
  | 'wake'
  | 'wallet'

export type Input = AnyInput<Message, HoldView, TimerName>

export type Action =
  | 'purchase'
  | 'recordAttendance'
  | 'finishSession'
  | 'process'
  | 'refundUnfinished'
  | 'claim'
export type Intent = AnyIntent<Action>

/** What only a participant knows, for the record and the ground truth. */
export type Mark =
  /** A side's client is in the room from now on, or no longer. */
  | { readonly kind: 'enters' | 'leaves' }
  /** The room noticed something and tells the attestor of it, or never will. */
  | { readonly kind: 'noticed'; readonly event: CallEvent; readonly isLost: boolean }
  | { readonly kind: 'closed' }
  /** The attestor has settled what it signs. */
  | { readonly kind: 'signed'; readonly attested: Attested }

export type Effect = AnyEffect<Message, Mark, Actor, TimerName>
export type Effects = readonly Effect[]
export type Step<State> = AnyStep<State, Effect>

export function isResolved({ state }: Pick<HoldReading, 'state'>): boolean {
  return state === 'Released' || state === 'Refunded'
}
