/**
 * The relayer: sends the stop when the heartbeat service tells it to, with retries and fee bumps,
 * and settles or cancels what the parties leave lying.
 *
 * It keeps its queue through an outage and reads the chain again after a crash. It is trusted with
 * nothing but its diligence: what it presents are pings that it cannot make.
 */
import type { Moment } from '../world/actors.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import type { Evidence, Input, Intent, SessionView, Step } from './actors.ts'
import { isOver } from './actors.ts'
import { plainIntent, stopIntent } from './intents.ts'

/** The relayer leaves the tutor this long to settle. */
export const RELAYER_SETTLES_AFTER_MS = 30_000
/** A block or two past the start window, so that the cancellation is not refused. */
export const RELAYER_CANCELS_AFTER_MS = 30_000

export interface RelayerConfig {
  readonly startWindowMs: number
  readonly resendAfterMs: number
  /** Canary: whatever becomes of a request, it is never repeated. */
  readonly neverRetries: boolean
  /** A defect, for the canary of liveness. */
  readonly neverSettles: boolean
}

export interface RelayerState {
  readonly view: SessionView | null
  readonly evidence: Evidence | null
  readonly settleFromMs: number
  readonly cancelFromMs: number
  readonly wallet: Wallet
  readonly failures: number
}

export const INITIAL_RELAYER: RelayerState = {
  view: null,
  evidence: null,
  settleFromMs: Number.POSITIVE_INFINITY,
  cancelFromMs: Number.POSITIVE_INFINITY,
  wallet: EMPTY_WALLET,
  failures: 0,
}

function desire({ view, evidence, ...state }: RelayerState, nowMs: number): Intent | null {
  switch (view?.state) {
    case 'Funded':
      return nowMs >= state.cancelFromMs ? plainIntent('cancel') : null
    case 'Active':
      return evidence === null ? null : stopIntent('stop', evidence)
    case 'Stopping':
      return nowMs >= state.settleFromMs ? plainIntent('settle') : null
    default:
      return null
  }
}

function onView(
  config: RelayerConfig,
  before: RelayerState,
  view: SessionView,
  now: Moment,
): Step<RelayerState> {
  const state = { ...before, view }
  if (view.state === 'Funded' && before.view?.state !== 'Funded') {
    const afterMs = config.startWindowMs + RELAYER_CANCELS_AFTER_MS
    const cancelFromMs = now.monotonicMs + afterMs
    return [{ ...state, cancelFromMs }, [{ kind: 'timer', name: 'wake', afterMs }]]
  }
  if (view.state === 'Stopping') {
    const openMs = Math.max(0, view.evidenceUntilSeconds - view.headSeconds) * 1000
    const afterMs = openMs + RELAYER_SETTLES_AFTER_MS
    const dueMs = now.monotonicMs + afterMs
    const settleFromMs = config.neverSettles ? Number.POSITIVE_INFINITY : dueMs
    return [{ ...state, settleFromMs }, [{ kind: 'timer', name: 'wake', afterMs }]]
  }
  return [state, []]
}

/** One step of the relayer. */
export function reduceRelayer(
  config: RelayerConfig,
  before: RelayerState,
  input: Input,
  now: Moment,
): Step<RelayerState> {
  let [state, effects]: Step<RelayerState> = [before, []]
  const isRetry = input.kind === 'timer' && input.name === 'wallet'
  if (config.neverRetries && (isRetry || input.kind === 'send-failed')) return [state, effects]
  if (input.kind === 'view') [state, effects] = onView(config, state, input.view, now)
  if (input.kind === 'message' && input.message.kind === 'command') {
    const isRepeated = config.neverRetries && state.evidence !== null
    if (!isRepeated) state = { ...state, evidence: input.message.evidence }
  }
  if (input.kind === 'send-failed') {
    const [wallet, timers] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
    return [{ ...state, wallet }, timers]
  }
  const { view } = state
  if (view === null || isOver(view)) return [state, effects]
  const intent = desire(state, now.monotonicMs)
  if (config.neverRetries && intent !== null && intent.key === state.wallet.key)
    return [state, effects]
  const { monotonicMs } = now
  const { resendAfterMs } = config
  const { nonce } = view
  const [wallet, sends] = pursue({
    wallet: state.wallet,
    intent,
    nonce,
    monotonicMs,
    resendAfterMs,
  })
  if (wallet === state.wallet) return [state, effects]
  return [{ ...state, wallet }, [...effects, ...sends]]
}
