/**
 * Those who are no party: the watcher, which redeems what a provider has entrusted to it, and the
 * stranger, who tries what should not work, each attempt once.
 */
import { AMOUNT_UNITS_MAX, minBig } from '../../models/kit/money.ts'
import type { Moment } from '../world/actors.ts'
import { isReached, wakeFor } from '../world/ownClock.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import type { ChannelView, Effect, Input, Intent, Step } from './actors.ts'
import type { Behaviour, StrangerAttempt } from './behaviour.ts'
import { expiresAtSeconds } from './expiry.ts'
import { claimIntent, depositIntent, plainIntent, voucherIntent } from './intents.ts'
import type { WorldSetup } from './options.ts'
import { owedUnits } from './price.ts'

interface WatcherState {
  readonly view: ChannelView | null
  /** The newest voucher that it was given, in bytes. */
  readonly given: number
  readonly wakesMs: number
  readonly wallet: Wallet
}

export const INITIAL_WATCHER: WatcherState = {
  view: null,
  given: 0,
  wakesMs: 0,
  wallet: EMPTY_WALLET,
}

/** It acts when the payer has asked for the end, or the channel has expired by its own clock. */
function watcherDesire(setup: WorldSetup, state: WatcherState, now: Moment): Intent | null {
  const { view, given } = state
  if (view === null || given === 0 || setup.defects.watcherIdle === true) return null
  // As described the contract refuses it, which it need not be told twice.
  if (setup.policy === 'as-described' && view.nonce > 0) return null
  const units = owedUnits(setup.price, given)
  if (minBig(units, view.depositUnits) <= view.paidUnits) return null
  const isExpired = isReached(expiresAtSeconds(setup, view), now)
  const isDue = view.state === 'Closing' || (view.state === 'Open' && isExpired)
  return isDue ? voucherIntent('redeem', 'redeem', units) : null
}

/** One step of the watcher. */
export function reduceWatcher(
  setup: WorldSetup,
  before: WatcherState,
  input: Input,
  now: Moment,
): Step<WatcherState> {
  const { monotonicMs } = now
  if (input.kind === 'send-failed') {
    const [wallet, timers] = backOff(before.wallet, monotonicMs, before.wallet.failures)
    return [{ ...before, wallet }, timers]
  }
  let state = before
  if (input.kind === 'message') {
    const { message } = input
    if (message.kind !== 'entrusted' || message.bytes <= state.given) return [state, []]
    state = { ...state, given: message.bytes }
    // While the channel is open and far from its end there is nothing to do about it.
    if (state.view?.state !== 'Closing' && state.wakesMs > monotonicMs) return [state, []]
  }
  if (input.kind === 'view') state = { ...state, view: input.view }
  const { view } = state
  if (view === null) return [state, []]
  const expiries = view.state === 'Open' ? [expiresAtSeconds(setup, view)] : []
  const [wakesMs, wakes] = wakeFor(state.wakesMs, expiries, now)
  const [wallet, sends] = pursue({
    ...{ wallet: state.wallet, intent: watcherDesire(setup, state, now), monotonicMs },
    ...{ nonce: view.nonce, resendAfterMs: setup.profile.resendAfterMs },
  })
  return [{ ...state, wakesMs, wallet }, [...wakes, ...sends]]
}

export interface StrangerState {
  readonly view: ChannelView | null
  readonly madeCount: number
}
export const INITIAL_STRANGER: StrangerState = { view: null, madeCount: 0 }

function attemptOf(attempt: StrangerAttempt, view: ChannelView | null): Intent {
  switch (attempt) {
    case 'open':
    case 'topUp':
      return depositIntent(attempt, attempt, 1n)
    case 'redeem':
    case 'close': {
      const units = minBig(AMOUNT_UNITS_MAX, (view?.paidUnits ?? 0n) + 1n)
      return voucherIntent(attempt, attempt, units, 'forged')
    }
    case 'claim':
      return claimIntent('stranger')
    default:
      return plainIntent(attempt)
  }
}

/** One step of the stranger; `attempts` in the order of its timers. */
export function reduceStranger(
  attempts: Behaviour['stranger'],
  state: StrangerState,
  input: Input,
): Step<StrangerState> {
  if (input.kind === 'view') return [{ ...state, view: input.view }, []]
  const attempt = attempts[state.madeCount]?.attempt
  if (input.kind !== 'timer' || attempt === undefined) return [state, []]
  const { view } = state
  if (view?.state === 'Closed') return [state, []]
  const made = attemptOf(attempt, view)
  const intent = { ...made, key: `${made.key}:${state.madeCount}` }
  const submission: Effect = { kind: 'submit', intent, nonce: view?.nonce ?? 0, attempt: 0 }
  return [{ ...state, madeCount: state.madeCount + 1 }, [submission]]
}
