/**
 * What the client of a side is configured with, what it remembers, and what it makes of both.
 */
import type { Moment } from '../world/actors.ts'
import { EMPTY_WALLET, type Wallet } from '../world/wallet.ts'
import type { SessionView, Side } from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import { type ChainTime, chainSeconds, UNKNOWN_TIME } from './chainTime.ts'
import { type Rules, silentFromSeconds } from './reading.ts'

/** How often the call programs greet each other, and a client looks after its business. */
export const TICK_MS = 5_000
/** A greeting is fresh for this long: two in a row may be lost. */
export const FRESH_MS = 11_000
/** A call that was refused is not repeated before this time. */
export const REFUSED_AGAIN_MS = 15_000
/** Clients leave the pause of a silent session to the keeper for this long. */
export const PAUSES_AFTER_SECONDS: Readonly<Record<Side, number>> = { mentor: 15, student: 30 }
/** The mentor leaves it to the student for this long to give up a session that never begins. */
export const MENTOR_CANCELS_AFTER_MS = 30_000
/** The mentor leaves the completion of a forgotten session to the keeper for this long. */
export const MENTOR_COMPLETES_AFTER_SECONDS = 60

export interface SideDefects {
  readonly beatsUnheard: boolean
  readonly servesOn: boolean
  readonly neverPausesOnTimeout: boolean
  readonly neverCompletes: boolean
  readonly neverClaims: boolean
}

export interface SideConfig extends SideDefects {
  readonly side: Side
  readonly rules: Rules
  readonly resendAfterMs: number
  readonly behaviour: Behaviour
}

/** What reaches a client every few seconds: changed in place, as thousands would copy the rest. */
interface Ears {
  /** Monotonic times of the newest greeting, and of the newest that says that we are heard. */
  heardMs: number
  saidMs: number
  /** Number of our own newest greeting. */
  number: number
}

/** A wish that is fulfilled when a figure of the chain is no longer what it was. */
interface Wish {
  readonly number: number
  readonly whileFigure: number
}

export interface SideState {
  readonly view: SessionView | null
  readonly time: ChainTime
  /** Not there yet, there, or done with the session. */
  readonly phase: 'away' | 'there' | 'ended'
  readonly isPresent: boolean
  readonly ears: Ears
  /** Monotonic times; Infinity for never. */
  readonly cancelFromMs: number
  readonly resumeFromMs: number
  /** When the client first read that the session runs. */
  readonly enteredMs: number
  /** Whether the client has read that the session was created. */
  readonly isKnown: boolean
  /** Second for which the end of the session was set last. */
  readonly endsAtSeconds: number
  /** Second for which the next release was set; 0 for none. */
  readonly releaseAtSeconds: number
  readonly beat: Wish | null
  readonly release: Wish | null
  readonly wishes: number
  readonly pausesMade: number
  readonly pauseWish: number | null
  readonly saidBack: boolean
  readonly wallet: Wallet
  /** What was refused last, and until when it is not repeated. */
  readonly refused: { readonly key: string; readonly untilMs: number } | null
}

export const NEVER = Number.POSITIVE_INFINITY

/** A client that knows nothing of the chain yet. */
export const initialSide = (): SideState => ({
  view: null,
  time: UNKNOWN_TIME,
  phase: 'away',
  isPresent: false,
  ears: { heardMs: Number.NEGATIVE_INFINITY, saidMs: Number.NEGATIVE_INFINITY, number: 0 },
  cancelFromMs: NEVER,
  resumeFromMs: NEVER,
  enteredMs: NEVER,
  isKnown: false,
  endsAtSeconds: 0,
  releaseAtSeconds: 0,
  beat: null,
  release: null,
  wishes: 0,
  pausesMade: 0,
  pauseWish: null,
  saidBack: false,
  wallet: EMPTY_WALLET,
  refused: null,
})

export const other = (side: Side): Side => (side === 'student' ? 'mentor' : 'student')

/** Whether the other side was heard lately. */
export function hears({ ears }: SideState, now: Moment): boolean {
  return now.monotonicMs - ears.heardMs <= FRESH_MS
}

/** Whether the call works in both directions, as far as a side can know. */
export function isConnected(state: SideState, now: Moment): boolean {
  return state.isPresent && now.hearsPeer && now.monotonicMs - state.ears.saidMs <= FRESH_MS
}

/** Seconds of the chain that have surely come. */
export function nowSeconds({ time }: SideState, now: Moment): number {
  return chainSeconds(time, now.monotonicMs)
}

/** Whether the chain takes the session as silent by now, or did some time ago. */
export function isSilent(
  { rules }: SideConfig,
  state: SideState,
  now: Moment,
  agoSeconds = 0,
): boolean {
  if (state.view === null) return false
  return nowSeconds(state, now) - agoSeconds >= silentFromSeconds(rules, state.view)
}

/**
 * Whether the client is to be in the call. Hardened, the mentor serves only while it hears the
 * student and while what it serves can still be proven.
 */
export function wantsPresence(config: SideConfig, state: SideState, now: Moment): boolean {
  if (state.phase !== 'there') return false
  if (config.servesOn && state.isPresent) return true
  if (state.view?.state !== 'Active') return false
  const { side, rules } = config
  if (side === 'student' || rules.policy === 'as-described') return true
  const heardMs = Math.max(state.ears.heardMs, state.enteredMs)
  const deafMs = now.monotonicMs - heardMs
  if (deafMs > rules.parameters.heartbeatIntervalSeconds * 1000) return false
  return !isSilent(config, state, now)
}
