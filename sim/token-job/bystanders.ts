/**
 * Those who are no party: the registry, which only knows who offers what; the treasury, which takes
 * its share on its rounds and times out what nobody ended; and the stranger, who tries what should
 * not work, each attempt once.
 */
import type { Moment } from '../world/actors.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import {
  type Effect,
  hasEnded,
  type Input,
  type Intent,
  type JobView,
  type Step,
} from './actors.ts'
import type { Behaviour, StrangerAttempt } from './behaviour.ts'
import { approveIntent, payoutIntent, plainIntent, proofIntent } from './intents.ts'

/** A minute past the end, so that the timeout is not refused for the difference of clocks. */
export const TIMEOUT_MARGIN_MS = 60_000

/** Answers with the models of all active hosts. */
export function reduceRegistry({ hosts }: Behaviour, input: Input): readonly Effect[] {
  if (input.kind !== 'message' || input.message.kind !== 'discover') return []
  const models = hosts.filter(({ active }) => active).map(({ model }) => model)
  const { attempt } = input.message
  return [{ kind: 'send', to: 'user', message: { kind: 'hosts', attempt, models } }]
}

export interface TreasuryConfig {
  readonly everyMs: number
  /** Time from the start of a job to when it can be timed out. */
  readonly openSeconds: number
  readonly resendAfterMs: number
  /** A defect, for the canary of liveness. */
  readonly neverTimesOut: boolean
}

export interface TreasuryState {
  readonly view: JobView | null
  readonly isOnRounds: boolean
  readonly wantsShare: boolean
  /** Start of the job for which `timeoutFromMs` was reckoned. */
  readonly startedAtSeconds: number
  readonly timeoutFromMs: number
  readonly wallet: Wallet
}

export const INITIAL_TREASURY: TreasuryState = {
  view: null,
  isOnRounds: false,
  wantsShare: false,
  startedAtSeconds: 0,
  timeoutFromMs: Number.POSITIVE_INFINITY,
  wallet: EMPTY_WALLET,
}

function onJob(config: TreasuryConfig, before: TreasuryState, view: JobView, now: Moment) {
  const effects: Effect[] = []
  let state: TreasuryState = { ...before, view }
  if (view.treasuryUnits === 0n) state = { ...state, wantsShare: false }
  if (!state.isOnRounds && config.everyMs > 0 && view.startedAtSeconds > 0) {
    state = { ...state, isOnRounds: true }
    effects.push({ kind: 'timer', name: 'round', afterMs: config.everyMs })
  }
  const { startedAtSeconds } = view
  if (view.state === 'Active' && startedAtSeconds !== before.startedAtSeconds) {
    const leftSeconds = Math.max(0, startedAtSeconds + config.openSeconds - view.headSeconds)
    const afterMs = leftSeconds * 1000 + TIMEOUT_MARGIN_MS
    state = { ...state, startedAtSeconds, timeoutFromMs: now.monotonicMs + afterMs }
    effects.push({ kind: 'timer', name: 'wake', afterMs })
  }
  return [state, effects] as const
}

function treasuryDesire(config: TreasuryConfig, state: TreasuryState, nowMs: number) {
  const { view, timeoutFromMs, wantsShare } = state
  const isLate = view?.state === 'Active' && nowMs >= timeoutFromMs
  if (isLate && !config.neverTimesOut) return plainIntent('timeout')
  return wantsShare ? payoutIntent('withdrawTreasury', 'treasury') : null
}

/** One step of the treasury. */
export function reduceTreasury(
  config: TreasuryConfig,
  before: TreasuryState,
  input: Input,
  now: Moment,
): Step<TreasuryState> {
  let [state, effects]: Step<TreasuryState> = [before, []]
  const { monotonicMs } = now
  if (input.kind === 'send-failed') {
    const [wallet, timers] = backOff(state.wallet, monotonicMs, state.wallet.failures)
    return [{ ...state, wallet }, timers]
  }
  if (input.kind === 'view') [state, effects] = onJob(config, state, input.view, now)
  const { view } = state
  if (view === null) return [state, effects]
  if (input.kind === 'timer' && input.name === 'round') {
    state = { ...state, wantsShare: view.treasuryUnits > 0n }
    const isLast = hasEnded(view) && view.treasuryUnits === 0n
    if (!isLast) effects = [{ kind: 'timer', name: 'round', afterMs: config.everyMs }]
  }
  const intent = treasuryDesire(config, state, monotonicMs)
  const { resendAfterMs } = config
  const { nonce } = view
  const [wallet, sends] = pursue({
    ...{ wallet: state.wallet, intent, nonce, monotonicMs, resendAfterMs },
  })
  return [{ ...state, wallet }, [...effects, ...sends]]
}

export interface StrangerState {
  readonly view: JobView | null
  readonly madeCount: number
}
export const INITIAL_STRANGER: StrangerState = { view: null, madeCount: 0 }

function attemptOf(config: StrangerConfig, attempt: StrangerAttempt, provenTokens: number): Intent {
  switch (attempt) {
    case 'proof': {
      const tokens = provenTokens + 1
      return proofIntent(config.policy, attempt, { tokens, receipt: 'forged' })
    }
    case 'end':
      return plainIntent('endSession')
    case 'timeout':
      return plainIntent('timeout')
    case 'claim':
      return payoutIntent('claim', 'stranger')
    case 'earnings':
      return payoutIntent('withdrawEarnings', 'stranger')
    case 'treasury':
      return payoutIntent('withdrawTreasury', 'stranger')
    case 'create':
      return plainIntent('createSession')
    case 'approve':
      return approveIntent('approve', 1n)
  }
}

export interface StrangerConfig {
  readonly policy: 'as-described' | 'hardened'
  /** In the order of the timers. */
  readonly attempts: Behaviour['stranger']
}

/** One step of the stranger. */
export function reduceStranger(
  config: StrangerConfig,
  state: StrangerState,
  input: Input,
): Step<StrangerState> {
  if (input.kind === 'view') return [{ ...state, view: input.view }, []]
  const attempt = config.attempts[state.madeCount]?.attempt
  if (input.kind !== 'timer' || attempt === undefined) return [state, []]
  const { view } = state
  if (view !== null && hasEnded(view)) return [state, []]
  const made = attemptOf(config, attempt, view?.provenTokens ?? 0)
  const intent = { ...made, key: `${made.key}:${state.madeCount}` }
  const submission: Effect = { kind: 'submit', intent, nonce: view?.nonce ?? 0, attempt: 0 }
  return [{ ...state, madeCount: state.madeCount + 1 }, [submission]]
}
