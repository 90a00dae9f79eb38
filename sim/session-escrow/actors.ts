/**
 * What participants of the session-escrow world are told and what they may do about it.
 *
 * A participant is a reducer `(state, input) -> [state, effects]`. It sees its own clocks and what
 * reached it, never the true time, never another's state. The world performs the effects.
 */
import type { PingKind } from '../../models/session-escrow/cast.ts'
import type { FaultTargets } from '../faults/targets.ts'

export const ACTORS = ['student', 'tutor', 'service', 'relayer', 'stranger', 'platform'] as const
export type Actor = (typeof ACTORS)[number]
/** The two sides of the call. */
export type Side = 'student' | 'tutor'
export const SIDES: readonly [Side, Side] = ['student', 'tutor']

/** Whom faults may hit. The stranger's node may fail, but no regime draws anything for it. */
export const SESSION_TARGETS: FaultTargets = {
  access: SIDES,
  clocked: ['student', 'tutor', 'service', 'relayer'],
  senders: ['student', 'tutor', 'relayer'],
  keepers: ['relayer'],
  guests: ['stranger'],
  finalDrops: ['student', 'tutor', 'student.up', 'student.down', 'tutor.up'],
}

/** A signed ping, as it travels and as it is presented. */
export interface Ping {
  readonly side: Side
  readonly sequence: number
  /** Wall-clock second that the signer vouches for, Unix time. */
  readonly atSeconds: number
  readonly kind: PingKind
}

/** Both sides' newest pings, as far as somebody holds them. */
export interface Evidence {
  readonly student: Ping | null
  readonly tutor: Ping | null
}
export const NO_EVIDENCE: Evidence = { student: null, tutor: null }

export interface PingMessage {
  readonly kind: 'ping'
  readonly ping: Ping
}

export type Message =
  | PingMessage
  | { readonly kind: 'bye'; readonly side: Side }
  | { readonly kind: 'command'; readonly evidence: Evidence; readonly reason: StopReason }

/** Why a stop is wanted. */
export type StopReason = 'silence' | 'cap' | 'hang-up'

/** The session as a reader of the chain sees it after some block. */
export interface SessionView {
  readonly state: string
  /** Timestamp of the block after which this was read. */
  readonly headSeconds: number
  readonly studentJoined: boolean
  readonly tutorJoined: boolean
  readonly startedAtSeconds: number
  readonly affordableSeconds: number
  readonly stoppedAtSeconds: number
  readonly billedSeconds: number
  readonly evidenceUntilSeconds: number
  /** Participants who may claim a share. */
  readonly claimable: readonly Actor[]
  /** The reader's own next nonce. */
  readonly nonce: number
}

export const TIMER_NAMES = [
  'begin',
  'ping',
  'silence',
  'hang-up',
  'cap',
  'top-up',
  'wallet',
  'wake',
  'command',
] as const
export type TimerName = (typeof TIMER_NAMES)[number]

export type Input =
  | { readonly kind: 'timer'; readonly name: TimerName }
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'view'; readonly view: SessionView }
  | { readonly kind: 'send-failed' }

/** What a participant knows about the moment in which it acts. */
export interface Moment {
  /** Its own wall clock, in Unix milliseconds. */
  readonly wallMs: number
  /** Its own monotonic clock, in milliseconds. */
  readonly monotonicMs: number
  /** Whether media of the other side is arriving, as the call library reports it. */
  readonly hearsPeer: boolean
}

/** A call of the contract that a participant wants to see included. */
export interface Intent {
  readonly action: 'deposit' | 'join' | 'topUp' | 'stop' | 'settle' | 'cancel' | 'claim'
  /** Changes whenever something else is wanted. */
  readonly key: string
  readonly amountUnits?: bigint
  readonly evidence?: Evidence
}

export type Effect =
  | { readonly kind: 'timer'; readonly name: TimerName; readonly afterMs: number }
  | { readonly kind: 'send'; readonly to: Actor; readonly message: Message }
  /** `attempt` raises the fee; the same attempt again is the same transaction. */
  | {
      readonly kind: 'submit'
      readonly intent: Intent
      readonly nonce: number
      readonly attempt: number
    }
  /** In the call (student) or serving in it (tutor), from now on or no longer. */
  | { readonly kind: 'presence'; readonly isPresent: boolean }
  /** A ping is signed and sent to the heartbeat service and to the other side. */
  | { readonly kind: 'ping'; readonly message: PingMessage; readonly peer: Side }
  /** A milestone that only the participant knows, for the record. */
  | {
      readonly kind: 'mark'
      readonly stage: 'detected' | 'commanded' | 'ended'
      readonly reason: StopReason
    }

export type Effects = readonly Effect[]
export type Step<State> = readonly [State, Effects]
export const NO_EFFECTS: Effects = []

/** Whether nothing is left to do: the session is closed, or cancelled with nothing unclaimed. */
export function isOver(view: SessionView | null): boolean {
  if (view === null) return false
  return view.state === 'Closed' || (view.state === 'Cancelled' && view.claimable.length === 0)
}
