/**
 * Who takes part in the session-escrow world, what they say to each other, what they see of the
 * chain and what they tell the record; the shapes are the kit's.
 */
import type { PingKind } from '../../models/session-escrow/cast.ts'
import type { FaultTargets } from '../faults/targets.ts'
import type {
  Effect as AnyEffect,
  Input as AnyInput,
  Intent as AnyIntent,
  Step as AnyStep,
} from '../world/actors.ts'
import type { ChainView } from '../world/chainSide.ts'

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

/** The session as every reader of the chain sees it after some block. */
export interface SessionReading {
  readonly state: string
  readonly studentJoined: boolean
  readonly tutorJoined: boolean
  readonly startedAtSeconds: number
  readonly affordableSeconds: number
  readonly stoppedAtSeconds: number
  readonly billedSeconds: number
  readonly evidenceUntilSeconds: number
  /** Participants who may claim a share. */
  readonly claimable: readonly Actor[]
}
export type SessionView = ChainView<SessionReading>

export type TimerName =
  | 'begin'
  | 'ping'
  | 'silence'
  | 'hang-up'
  | 'cap'
  | 'top-up'
  | 'wallet'
  | 'wake'
  | 'command'

export type Input = AnyInput<Message, SessionView, TimerName>

export type Action = 'deposit' | 'join' | 'topUp' | 'stop' | 'settle' | 'cancel' | 'claim'
export type Intent = AnyIntent<Action>

/** What only a participant knows, for the record. */
export type Mark =
  /** A ping was signed, and goes to the heartbeat service and to the other side. */
  | { readonly kind: 'signed'; readonly ping: Ping }
  /** A milestone. */
  | {
      readonly kind: 'stage'
      readonly stage: 'detected' | 'commanded' | 'ended'
      readonly reason: StopReason
    }

export type Effect = AnyEffect<Message, Mark, Actor, TimerName>
export type Effects = readonly Effect[]
export type Step<State> = AnyStep<State, Effect>

/** Whether nothing is left to do: the session is closed, or cancelled with nothing unclaimed. */
export function isOver(view: SessionReading | null): boolean {
  if (view === null) return false
  return view.state === 'Closed' || (view.state === 'Cancelled' && view.claimable.length === 0)
}
