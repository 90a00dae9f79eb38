/**
 * The keeper: the platform's watcher in a data centre. It reads the chain, pauses sessions that
 * have fallen silent, and completes those that were forgotten.
 *
 * It keeps its queue through an outage and reads the chain again after a crash. It is trusted with
 * nothing but its diligence: what it calls, anyone may call.
 */
import type { Moment } from '../world/actors.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import {
  type Effect,
  type Input,
  type Intent,
  isOver,
  type SessionView,
  type Step,
} from './actors.ts'
import { afterLook, type ChainTime, chainSeconds, UNKNOWN_TIME, waitMs } from './chainTime.ts'
import { plainIntent } from './desire.ts'
import { autoFromSeconds, endsAtSeconds, type Rules, silentFromSeconds } from './reading.ts'
import { NEVER, REFUSED_AGAIN_MS } from './sideState.ts'

export interface KeeperConfig {
  readonly rules: Rules
  readonly resendAfterMs: number
  /** Canaries: it never pauses, never completes. */
  readonly neverPauses: boolean
  readonly neverCompletes: boolean
}

export interface KeeperState {
  readonly view: SessionView | null
  readonly time: ChainTime
  readonly wallet: Wallet
  /** Monotonic time for which a wake is set. */
  readonly wakesMs: number
  readonly refused: { readonly key: string; readonly untilMs: number } | null
}

export const INITIAL_KEEPER: KeeperState = {
  view: null,
  time: UNKNOWN_TIME,
  wallet: EMPTY_WALLET,
  wakesMs: NEVER,
  refused: null,
}

/** What the chain may be asked for next, and the second from which on. */
function nextCall(
  config: KeeperConfig,
  view: SessionView,
): { readonly intent: Intent; readonly fromSeconds: number } | null {
  if (view.state !== 'Active' && view.state !== 'Paused') return null
  const { rules, neverPauses, neverCompletes } = config
  const fromSeconds = silentFromSeconds(rules, view)
  // A session that has used up its time earns nothing more: there is nothing to pause.
  if (view.state === 'Active' && !neverPauses && fromSeconds < endsAtSeconds(rules, view)) {
    const key = `pauseOnTimeout:${fromSeconds}`
    return { intent: plainIntent('pauseOnTimeout', key), fromSeconds }
  }
  if (neverCompletes) return null
  return { intent: plainIntent('autoComplete'), fromSeconds: autoFromSeconds(rules, view) }
}

function pursued(config: KeeperConfig, before: KeeperState, now: Moment): Step<KeeperState> {
  const { view } = before
  if (view === null || isOver(view)) return [before, []]
  const next = nextCall(config, view)
  const { monotonicMs } = now
  const isDue = next !== null && chainSeconds(before.time, monotonicMs) >= next.fromSeconds
  const intent = isDue ? next.intent : null
  let state = before
  const effects: Effect[] = []
  if (intent !== null && state.wallet.key === intent.key && view.nonce > state.wallet.nonce) {
    const untilMs = monotonicMs + REFUSED_AGAIN_MS
    const wallet = { ...state.wallet, key: null, nonce: view.nonce }
    state = { ...state, wallet, refused: { key: intent.key, untilMs } }
    effects.push({ kind: 'timer', name: 'wake', afterMs: REFUSED_AGAIN_MS })
  }
  if (next !== null && !isDue) {
    const afterMs = waitMs(state.time, next.fromSeconds, monotonicMs)
    // One wake at a time: one that comes too early sets the next.
    if (state.wakesMs <= monotonicMs || monotonicMs + afterMs < state.wakesMs) {
      state = { ...state, wakesMs: monotonicMs + afterMs }
      effects.push({ kind: 'timer', name: 'wake', afterMs })
    }
  }
  const isHeld = intent?.key === state.refused?.key && monotonicMs < (state.refused?.untilMs ?? 0)
  const [wallet, sends] = pursue({
    wallet: state.wallet,
    intent: isHeld ? null : intent,
    ...{ nonce: view.nonce, monotonicMs, resendAfterMs: config.resendAfterMs },
  })
  return [{ ...state, wallet }, [...effects, ...sends]]
}

/** One step of the keeper. */
export function reduceKeeper(
  config: KeeperConfig,
  state: KeeperState,
  input: Input,
  now: Moment,
): Step<KeeperState> {
  switch (input.kind) {
    case 'view': {
      const { view } = input
      const time = afterLook(state.time, view.headSeconds, now.monotonicMs)
      return pursued(config, { ...state, view, time }, now)
    }
    case 'send-failed': {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
    default:
      return pursued(config, state, now)
  }
}
