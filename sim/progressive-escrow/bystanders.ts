/**
 * Those who are no party: the stranger, who tries what should not work or what harms nobody, and
 * the platform, which only fetches a fee that could not be pushed to it.
 */
import type { Moment } from '../world/actors.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import { type Effect, type Input, isOver, type SessionView, type Step } from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import { claimIntent } from './desire.ts'

export interface StrangerState {
  readonly view: SessionView | null
  readonly madeCount: number
}

export const INITIAL_STRANGER: StrangerState = { view: null, madeCount: 0 }

/** One step of the stranger. Its plan is `behaviour.stranger`, in the order of the timers. */
export function reduceStranger(
  plan: Behaviour['stranger'],
  state: StrangerState,
  input: Input,
): Step<StrangerState> {
  if (input.kind === 'view') return [{ ...state, view: input.view }, []]
  if (input.kind !== 'timer' || state.view === null || isOver(state.view)) return [state, []]
  const action = plan[state.madeCount]?.attempt
  if (action === undefined) return [state, []]
  const args = action === 'complete' ? { rating: 1n, feedbackHash: 0n } : {}
  const intent = { action, key: `${action}:${state.madeCount}`, args }
  const submit: Effect = { kind: 'submit', intent, nonce: state.view.nonce, attempt: 0 }
  return [{ ...state, madeCount: state.madeCount + 1 }, [submit]]
}

export interface PlatformConfig {
  readonly resendAfterMs: number
  /** A canary. */
  readonly neverClaims: boolean
}

export interface PlatformState {
  readonly view: SessionView | null
  readonly wallet: Wallet
}

export const INITIAL_PLATFORM: PlatformState = { view: null, wallet: EMPTY_WALLET }

/** One step of the platform: once the session is over it claims what it could not be paid. */
export function reducePlatform(
  { resendAfterMs, neverClaims }: PlatformConfig,
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
  const isDue =
    !neverClaims && state.view.state === 'Completed' && state.view.claimable.includes('platform')
  const intent = isDue ? claimIntent() : null
  const { nonce } = state.view
  const [wallet, effects] = pursue({
    ...{ wallet: state.wallet, intent, nonce, monotonicMs, resendAfterMs },
  })
  return [{ ...state, wallet }, effects]
}
