/**
 * A process of the keeper's job: every interval it reads the chain, decides, and sends what it
 * decided a moment later, whatever has happened meanwhile.
 *
 * Two of them share one account and are not coordinated: each thinks it is alone. As described the
 * decision is the keeper's; hardened it only asks the contract to decide. When the account's next
 * call is on chain and the hold is still there, a round sends what it decided once more, as that
 * call may have been the other's; what is refused or missed then is for the next round.
 */
import { BPS_PER_WHOLE } from '../../models/kit/money.ts'
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { isReached } from '../world/ownClock.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import {
  type Effect,
  type HoldView,
  type Input,
  type Intent,
  isResolved,
  type Step,
} from './actors.ts'
import { plainIntent, processIntent } from './intents.ts'
import { noShowAtSeconds, type WorldSetup } from './options.ts'

const SECOND_MS = 1000

export interface KeeperState {
  readonly view: HoldView | null
  readonly rounds: number
  /** It has asked for the state of the chain, and decides on the next view. */
  readonly isReading: boolean
  /** What this round is to send, the account's nonce when it was sent, and how often it may be. */
  readonly decided: Intent | null
  readonly isSending: boolean
  readonly nonce: number
  readonly callsLeft: number
  readonly wallet: Wallet
}
/** Calls of one round: what was decided, and once more if the account's call was another's. */
const CALLS_OF_A_ROUND = 2

export const INITIAL_KEEPER: KeeperState = {
  ...{ view: null, rounds: 0, isReading: false, decided: null, isSending: false, nonce: 0 },
  callsLeft: 0,
  wallet: EMPTY_WALLET,
}

/** What the job as described makes of the figures on chain. */
function decidesRelease({ parameters }: WorldSetup, view: HoldView): boolean {
  const { attendedSeconds, lengthSeconds } = view
  const thresholdBps = BigInt(parameters.attendanceThresholdBps)
  return BigInt(attendedSeconds) * BPS_PER_WHOLE >= BigInt(lengthSeconds) * thresholdBps
}

function decide(setup: WorldSetup, state: KeeperState, view: HoldView, now: Moment): Intent | null {
  const { policy, parameters, defects } = setup
  if (view.state !== 'Held' || defects.keepersIdle === true) return null
  const { finishedAtSeconds: finished } = view
  if (finished === 0) {
    const key = `refund:${state.rounds}`
    return isReached(noShowAtSeconds(setup), now) ? plainIntent('refundUnfinished', key) : null
  }
  const windowSeconds = policy === 'hardened' ? parameters.attestationWindowSeconds : 0
  if (!isReached(finished + windowSeconds, now)) return null
  return processIntent(policy, `process:${state.rounds}`, decidesRelease(setup, view))
}

/** Whether rounds go on: until the hold was resolved or cannot be bought any more. */
function hasWork(setup: WorldSetup, { view }: KeeperState, now: Moment): boolean {
  if (view === null || view.state === 'Held') return true
  return !isResolved(view) && !isReached(noShowAtSeconds(setup), now)
}

function onRound(setup: WorldSetup, state: KeeperState, now: Moment): Step<KeeperState> {
  if (!hasWork(setup, state, now)) return [state, NO_EFFECTS]
  const afterMs = setup.parameters.keeperIntervalSeconds * SECOND_MS
  const next: KeeperState = { ...state, rounds: state.rounds + 1, isReading: true }
  return [
    { ...next, decided: null, isSending: false },
    [
      { kind: 'timer', name: 'round', afterMs },
      { kind: 'look', afterMs: 0 },
    ],
  ]
}

function onView(setup: WorldSetup, before: KeeperState, view: HoldView, now: Moment) {
  const state = { ...before, view }
  if (!state.isReading) return [state, NO_EFFECTS] as const
  const decided = decide(setup, state, view, now)
  const next = { ...state, isReading: false, decided }
  if (decided === null) return [next, NO_EFFECTS] as const
  const work: Effect = { kind: 'timer', name: 'work', afterMs: setup.behaviour.worksMs }
  return [next, [work]] as const
}

/** Sends what was decided, whatever the others have done until the first call is through. */
function pursued(setup: WorldSetup, before: KeeperState, now: Moment): Step<KeeperState> {
  const { view, decided, isSending } = before
  if (view === null || decided === null || !isSending) return [before, NO_EFFECTS]
  const isThrough = view.nonce > before.nonce
  const callsLeft = isThrough ? before.callsLeft - 1 : before.callsLeft
  const isDone = isThrough && (callsLeft === 0 || view.state !== 'Held')
  const intent = isDone ? null : decided
  const [wallet, sends] = pursue({
    ...{ wallet: before.wallet, intent, nonce: view.nonce, monotonicMs: now.monotonicMs },
    resendAfterMs: setup.profile.resendAfterMs,
  })
  const rest = isDone ? { decided: null, isSending: false } : { nonce: view.nonce, callsLeft }
  return [{ ...before, wallet, ...rest }, sends]
}

/** One step of a keeper's process. */
export function reduceKeeper(
  setup: WorldSetup,
  before: KeeperState,
  input: Input,
  now: Moment,
): Step<KeeperState> {
  switch (input.kind) {
    case 'view': {
      const [state, effects] = onView(setup, before, input.view, now)
      const [next, sends] = pursued(setup, state, now)
      return [next, [...effects, ...sends]]
    }
    case 'timer': {
      if (input.name === 'round') return onRound(setup, before, now)
      const { view, decided } = before
      const begins = input.name === 'work' && decided !== null && view !== null
      if (!begins) return pursued(setup, before, now)
      const sending = { isSending: true, nonce: view.nonce, callsLeft: CALLS_OF_A_ROUND }
      return pursued(setup, { ...before, ...sending }, now)
    }
    case 'send-failed': {
      const [wallet, effects] = backOff(before.wallet, now.monotonicMs, before.wallet.failures)
      return [{ ...before, wallet }, effects]
    }
    default:
      return [before, NO_EFFECTS]
  }
}
