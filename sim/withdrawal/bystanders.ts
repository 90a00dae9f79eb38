/**
 * Those who neither ask nor answer: the platform, which pays in what sessions have earned and takes
 * its commission, and the stranger, who tries what should not work, each attempt once.
 */
import type { Moment } from '../world/actors.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import type { Effect, Effects, Input, Intent, Step, WithdrawalView } from './actors.ts'
import type { Behaviour, StrangerAttempt } from './behaviour.ts'
import { completeIntent, creditIntent, payoutIntent, plainIntent } from './intents.ts'
import type { Earning, WorldSetup } from './options.ts'

interface PlatformState {
  readonly view: WithdrawalView | null
  /** Sessions that have ended. */
  readonly begunCount: number
  /** Credits that it believes it has to make up for. */
  readonly again: readonly number[]
  readonly wallet: Wallet
}

export const INITIAL_PLATFORM: PlatformState = {
  view: null,
  begunCount: 0,
  again: [],
  wallet: EMPTY_WALLET,
}

/** The withdrawal by way of which a teacher is credited. */
function agreementFor({ withdrawals }: WorldSetup, { teacher }: Earning): number {
  return withdrawals.find((each) => each.teacher === teacher)?.index ?? 0
}

/**
 * Its transactions are its credits in order of time, and at last the commission: its next nonce
 * says which of them the chain has.
 */
function platformDesire(setup: WorldSetup, state: PlatformState): Intent | null {
  const { view, begunCount, again } = state
  if (view === null) return null
  const { nonce, commissionUnits } = view
  const order = [...setup.earnings.slice(0, begunCount).keys(), ...again]
  const next = order[nonce]
  const earning = next === undefined ? undefined : setup.earnings[next]
  if (earning !== undefined) {
    return creditIntent(`credit:${nonce}`, agreementFor(setup, earning), earning.grossUnits)
  }
  const isLast = nonce === setup.earnings.length && setup.behaviour.takesCommission
  return isLast && commissionUnits > 0n ? payoutIntent('withdrawCommission', 0, 'platform') : null
}

function credits(setup: WorldSetup, before: PlatformState, now: Moment, effects: Effects) {
  const { view } = before
  if (view === null) return [before, effects] as const
  const { monotonicMs } = now
  const [wallet, sends] = pursue({
    ...{ wallet: before.wallet, intent: platformDesire(setup, before), monotonicMs },
    ...{ nonce: view.nonce, resendAfterMs: setup.profile.resendAfterMs },
  })
  return [{ ...before, wallet }, [...effects, ...sends]] as const
}

/** One step of the platform. */
export function reducePlatform(
  setup: WorldSetup,
  state: PlatformState,
  input: Input,
  now: Moment,
): Step<PlatformState> {
  switch (input.kind) {
    case 'view':
      return credits(setup, { ...state, view: input.view }, now, [])
    case 'timer': {
      const ended = setup.earnings[state.begunCount]
      if (input.name !== 'begin' || ended === undefined) return credits(setup, state, now, [])
      const { teacher, grossUnits } = ended
      const earned: Effect = { kind: 'mark', mark: { kind: 'earned', teacher, grossUnits } }
      const look: Effect = { kind: 'look', afterMs: 0 }
      const effects = state.view === null ? [earned, look] : [earned]
      return credits(setup, { ...state, begunCount: state.begunCount + 1 }, now, effects)
    }
    case 'message':
      return [state, []]
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      const lost = Number(state.wallet.key?.split(':')[1] ?? 0)
      const isNew = setup.defects.platformCreditsAgain === true && !state.again.includes(lost)
      return [{ ...state, wallet, again: isNew ? [...state.again, lost] : state.again }, effects]
    }
  }
}

export interface StrangerState {
  readonly view: WithdrawalView | null
  readonly madeCount: number
}
export const INITIAL_STRANGER: StrangerState = { view: null, madeCount: 0 }

function attemptOf(attempt: StrangerAttempt): Intent {
  switch (attempt) {
    case 'credit':
      return creditIntent(attempt, 0, 1n)
    case 'complete':
      return completeIntent(0, 1n)
    case 'withdrawCommission':
    case 'claim':
      return payoutIntent(attempt, 0, 'stranger')
    default:
      return plainIntent(attempt, 0)
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
  const made = attemptOf(attempt)
  const intent = { ...made, key: `${made.key}:${state.madeCount}` }
  const nonce = state.view?.nonce ?? 0
  const submission: Effect = { kind: 'submit', intent, nonce, attempt: 0 }
  return [{ ...state, madeCount: state.madeCount + 1 }, [submission]]
}
