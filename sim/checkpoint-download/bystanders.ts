/**
 * The stranger, who is no party and tries what should not work, each attempt once.
 */
import type { Policy } from '../../models/kit/trace.ts'
import {
  type DownloadView,
  type Effect,
  hasEnded,
  type Input,
  type Intent,
  type Step,
} from './actors.ts'
import type { Behaviour, StrangerAttempt } from './behaviour.ts'
import { claimIntent, payIntent, payOnTrustIntent, plainIntent, reportIntent } from './intents.ts'

export interface StrangerState {
  readonly view: DownloadView | null
  readonly madeCount: number
}
export const INITIAL_STRANGER: StrangerState = { view: null, madeCount: 0 }

export interface StrangerConfig {
  readonly policy: Policy
  /** In the order of the timers. */
  readonly attempts: Behaviour['stranger']
}

function attemptOf(policy: Policy, attempt: StrangerAttempt, view: DownloadView | null): Intent {
  const checkpoint = view?.checkpoint ?? 0
  const amountUnits = view?.dueUnits ?? 0n
  switch (attempt) {
    case 'report':
      return reportIntent(0, (view?.deliveredBytes[0] ?? 0) + 1)
    case 'pay':
      return policy === 'hardened'
        ? payIntent('pay', { checkpoint, amountUnits })
        : payOnTrustIntent(checkpoint, { reference: 7n, amountUnits, sentUnits: 0n })
    case 'claim':
      return claimIntent('stranger')
    default:
      return plainIntent(attempt)
  }
}

/** One step of the stranger. */
export function reduceStranger(
  { policy, attempts }: StrangerConfig,
  state: StrangerState,
  input: Input,
): Step<StrangerState> {
  if (input.kind === 'view') return [{ ...state, view: input.view }, []]
  const attempt = attempts[state.madeCount]?.attempt
  if (input.kind !== 'timer' || attempt === undefined) return [state, []]
  const { view } = state
  if (view !== null && hasEnded(policy, view)) return [state, []]
  const made = attemptOf(policy, attempt, view)
  const intent = { ...made, key: `${made.key}:${state.madeCount}` }
  const submission: Effect = { kind: 'submit', intent, nonce: view?.nonce ?? 0, attempt: 0 }
  return [{ ...state, madeCount: state.madeCount + 1 }, [submission]]
}
