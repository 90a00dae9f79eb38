/**
 * Who takes part in the progressive-escrow world, what they say to each other, what they see of the
 * chain and what they tell the record; the shapes are the kit's.
 */
import type { FaultTargets } from '../faults/targets.ts'
import type {
  Effect as AnyEffect,
  Input as AnyInput,
  Intent as AnyIntent,
  Step as AnyStep,
} from '../world/actors.ts'
import type { ChainView } from '../world/chainSide.ts'

export const ACTORS = ['student', 'mentor', 'keeper', 'platform', 'stranger'] as const
export type Actor = (typeof ACTORS)[number]
/** The two sides of the call. */
export type Side = 'student' | 'mentor'
export const SIDES: readonly [Side, Side] = ['student', 'mentor']

/**
 * Whom faults may hit. Heartbeats are transactions, so none is lost on its own. Assumption: the
 * page whose timers send heartbeats and releases is a tab of its own beside the call, which a
 * browser may hide and throttle; what happens in the call itself is never throttled.
 */
export const PROGRESSIVE_TARGETS: FaultTargets = {
  access: SIDES,
  clocked: ['student', 'mentor', 'keeper'],
  senders: ['student', 'mentor', 'keeper'],
  heartbeats: [],
  keepers: ['keeper'],
  guests: ['stranger', 'platform'],
  throttled: ['student.heartbeat', 'mentor.heartbeat', 'mentor.release'],
  finalDrops: ['student', 'mentor', 'student.up', 'student.down', 'mentor.up'],
}

export type Message =
  /** A sign of life between the call programs; `hears`: the call works towards the sender. */
  | {
      readonly kind: 'hello'
      readonly side: Side
      readonly number: number
      readonly hears: boolean
    }
  | { readonly kind: 'bye'; readonly side: Side }

/** Why a side takes the session as over. */
export type EndReason = 'hang-up' | 'duration' | 'silence' | 'completed'

/** The session as every reader of the chain sees it after some block. */
export interface SessionReading {
  readonly state: string
  readonly createdAt: number
  readonly startedAt: number
  readonly pausedAt: number
  readonly pauseCalledAt: number
  readonly pausedSeconds: number
  readonly seenAt: Readonly<Record<Side, number>>
  readonly lastReleaseAt: number
  /** Participants who may claim a share. */
  readonly claimable: readonly Actor[]
}
export type SessionView = ChainView<SessionReading>

export type TimerName =
  | 'begin'
  | 'arrive'
  | 'tick'
  | 'heartbeat'
  | 'release'
  | 'pause'
  | 'hang-up'
  | 'end'
  | 'wallet'
  | 'wake'

export type Input = AnyInput<Message, SessionView, TimerName>

export type Action =
  | 'create'
  | 'start'
  | 'heartbeat'
  | 'release'
  | 'pause'
  | 'resume'
  | 'pauseOnTimeout'
  | 'complete'
  | 'autoComplete'
  | 'cancel'
  | 'claim'
export type Intent = AnyIntent<Action>

/** Calls by which a side vouches that it is there. */
export const SIGNS: readonly string[] = ['start', 'heartbeat', 'resume']

/** What only a participant knows, for the record. */
export type Mark =
  /** A sign was sent to the chain, for the first time or again. */
  | { readonly kind: 'signed'; readonly nonce: number }
  /** In the call from now on, or no longer. */
  | { readonly kind: 'present'; readonly isPresent: boolean }
  | { readonly kind: 'ended'; readonly reason: EndReason }
  /** The time for a release has come. */
  | { readonly kind: 'release-due' }
  /** The other side is heard again while the session is paused for its silence. */
  | { readonly kind: 'back' }

export type Effect = AnyEffect<Message, Mark, Actor, TimerName>
export type Effects = readonly Effect[]
export type Step<State> = AnyStep<State, Effect>

/** Whether nothing is left to do: the session has ended and nothing is unclaimed. */
export function isOver(view: SessionReading | null): boolean {
  if (view === null) return false
  return isFinal(view.state) && view.claimable.length === 0
}

/** Whether the session will not run any more. */
export function isFinal(state: string): boolean {
  return state === 'Completed' || state === 'Cancelled'
}
