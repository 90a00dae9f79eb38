/**
 * Those who are no party: the stranger, who tries what should not work, and the platform, which
 * only fetches a fee that could not be pushed to it.
 *
 * The stranger overhears pings (the world hands it copies) but holds nobody's key. Each of its
 * attempts is made once; none may change what anyone is paid.
 */
import type { Moment } from '../world/actors.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import type { Effect, Evidence, Input, Ping, SessionView, Side, Step } from './actors.ts'
import { isOver } from './actors.ts'
import type { Behaviour, StrangerAttempt } from './behaviour.ts'
import { claimIntent, stopIntent } from './intents.ts'

export interface StrangerState {
  readonly view: SessionView | null
  readonly madeCount: number
}

export const INITIAL_STRANGER: StrangerState = {
  view: null,
  madeCount: 0,
}

function forged(overheard: Evidence, side: Side, now: Moment, kind: Ping['kind']): Ping {
  const sequence = (overheard[side]?.sequence ?? 0) + 1_000
  return { side, sequence, atSeconds: Math.floor(now.wallMs / 1000), kind }
}

function attemptEffects(
  state: StrangerState,
  overheard: Evidence,
  attempt: StrangerAttempt,
  now: Moment,
): Effect[] {
  const nonce = state.view?.nonce ?? 0
  const submit = (action: 'stop' | 'settle' | 'cancel', evidence?: Evidence): Effect[] => {
    const key = `${action}:${state.madeCount}`
    const intent = evidence === undefined ? { action, key, args: {} } : stopIntent(key, evidence)
    return [{ kind: 'submit', intent, nonce, attempt: 0 }]
  }
  const ping = (made: Ping | null): Effect[] =>
    made === null ? [] : [{ kind: 'send', to: 'service', message: { kind: 'ping', ping: made } }]
  switch (attempt) {
    case 'forged-ping':
      return ping(forged(overheard, 'student', now, 'forged'))
    case 'foreign-ping':
      return ping(forged(overheard, 'tutor', now, 'foreign'))
    case 'replayed-ping':
      return ping(overheard.student ?? overheard.tutor)
    case 'stop':
      return submit('stop', { ...overheard })
    case 'stop-forged': {
      const student = forged(overheard, 'student', now, 'forged')
      return submit('stop', { student, tutor: forged(overheard, 'tutor', now, 'crossed') })
    }
    default:
      return submit(attempt)
  }
}

/**
 * One step of the stranger. Its plan is `behaviour.stranger`, in the order of the timers;
 * `overheard` are the newest pings that it tapped.
 */
export function reduceStranger(
  plan: Behaviour['stranger'],
  state: StrangerState,
  overheard: Evidence,
  input: Input,
  now: Moment,
): Step<StrangerState> {
  if (input.kind === 'view') return [{ ...state, view: input.view }, []]
  if (input.kind !== 'timer' || isOver(state.view)) return [state, []]
  const attempt = plan[state.madeCount]?.attempt
  if (attempt === undefined) return [state, []]
  const effects = attemptEffects(state, overheard, attempt, now)
  return [{ ...state, madeCount: state.madeCount + 1 }, effects]
}

export interface PlatformState {
  readonly view: SessionView | null
  readonly wallet: Wallet
}

export const INITIAL_PLATFORM: PlatformState = { view: null, wallet: EMPTY_WALLET }

/** One step of the platform. */
export function reducePlatform(
  resendAfterMs: number,
  before: PlatformState,
  input: Input,
  now: Moment,
): Step<PlatformState> {
  const state = input.kind === 'view' ? { ...before, view: input.view } : before
  if (state.view === null || isOver(state.view)) return [state, []]
  const { monotonicMs } = now
  if (input.kind === 'send-failed') {
    const [wallet, effects] = backOff(state.wallet, monotonicMs, state.wallet.failures)
    return [{ ...state, wallet }, effects]
  }
  const isDue = state.view.claimable.includes('platform')
  const intent = isDue ? claimIntent() : null
  const { nonce } = state.view
  const [wallet, effects] = pursue({
    wallet: state.wallet,
    intent,
    nonce,
    monotonicMs,
    resendAfterMs,
  })
  return [{ ...state, wallet }, effects]
}
