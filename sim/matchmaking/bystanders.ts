/**
 * The desk of the session escrow, which takes deposits and reports ends, and the stranger, who
 * tries what should not work, each attempt once.
 *
 * Whether a student can pay is known where its tokens are: the desk fails as often, and for want of
 * as much, as was drawn. Hardened a deposit is one wish, however often it is ordered; as described
 * each order is a deposit of its own, and the end may be reported twice. Notes change in place.
 */
import type { Moment } from '../world/actors.ts'
import { NEVER } from '../world/ownClock.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import {
  type Effect,
  type Input,
  type Intent,
  type Item,
  type MatchView,
  type Message,
  STUDENTS,
  type Step,
} from './actors.ts'
import type { Behaviour, StrangerAttempt } from './behaviour.ts'
import {
  acceptIntent,
  completeIntent,
  consumeIntent,
  ofKey,
  plainIntent,
  proposeIntent,
  rateIntent,
} from './intents.ts'
import type { PlannedRequest, WorldSetup } from './options.ts'
import { wakeAt } from './wake.ts'

const SECOND_MS = 1000

interface Note {
  /** Rates of the deposits that are ordered and not made. */
  orders: bigint[]
  made: number
  failures: number
  /** Monotonic time at which the session ends, from when it was seen to begin. */
  endsMs: number
  reports: number
}

export interface DeskState {
  readonly view: MatchView | null
  readonly wakesMs: number
  readonly wallet: Wallet
  readonly notes: readonly Note[]
}

export function initialDesk({ requests }: WorldSetup): DeskState {
  const notes = requests.map(() => ({
    ...{ orders: [], made: 0, failures: 0, endsMs: NEVER, reports: 0 },
  }))
  return { view: null, wakesMs: 0, wallet: EMPTY_WALLET, notes }
}

const studentNamed = ({ student }: PlannedRequest) => STUDENTS[student] as (typeof STUDENTS)[number]

/** What it wants of the contract for one request; null for nothing. */
function wish(setup: WorldSetup, planned: PlannedRequest, note: Note, item: Item, nowMs: number) {
  const { index, request } = planned
  const isDescribed = setup.policy === 'as-described'
  const [rateUnits] = note.orders
  const takes = item.state === 'AwaitingDeposit' || (isDescribed && item.state === 'Matched')
  if (rateUnits !== undefined && takes) {
    return consumeIntent(index, note.made, { student: studentNamed(planned), rateUnits })
  }
  const isAgain = isDescribed && request.endsTwice && item.state === 'Completed'
  if (nowMs < note.endsMs || setup.defects.nobodyReportsEnds === true) return null
  if (item.state !== 'Matched' && !(isAgain && note.reports < 2)) return null
  return completeIntent(index, note.reports, Math.floor(request.callMs / SECOND_MS))
}

/** Takes what was included off the list, and notes when a session began. */
function learn(setup: WorldSetup, { view, wallet, notes }: DeskState, { monotonicMs }: Moment) {
  if (view === null) return
  const isOver = wallet.key !== null && view.nonce > wallet.nonce
  const last = ofKey(wallet.key ?? '')
  for (const { index, request } of setup.requests) {
    const note = notes[index] as Note
    const { state } = view.items[index] as Item
    if (isOver && last.request === index && last.action === 'consume') {
      note.orders.shift()
      note.made += 1
    }
    const hasReported = isOver && last.request === index && last.action === 'complete'
    if (hasReported && state === 'Completed') note.reports += 1
    if (state === 'Matched') note.endsMs = Math.min(note.endsMs, monotonicMs + request.callMs)
    else if (state !== 'Completed') note.endsMs = NEVER
  }
}

function pursued(setup: WorldSetup, state: DeskState, now: Moment): Step<DeskState> {
  const { view, notes } = state
  if (view === null) return [state, []]
  const { monotonicMs } = now
  learn(setup, state, now)
  let intent: Intent | null = null
  for (const planned of setup.requests) {
    const note = notes[planned.index] as Note
    intent ??= wish(setup, planned, note, view.items[planned.index] as Item, monotonicMs)
  }
  const [wakesMs, timers] = wakeAt(
    state.wakesMs,
    notes.map(({ endsMs }) => endsMs),
    now,
  )
  const [wallet, sends] = pursue({
    ...{ wallet: state.wallet, intent, nonce: view.nonce, monotonicMs },
    resendAfterMs: setup.profile.resendAfterMs,
  })
  return [{ ...state, wakesMs, wallet }, [...timers, ...sends]]
}

/** Takes the order of a deposit, or says why it cannot be made. */
function onDeposit(
  setup: WorldSetup,
  { view, notes }: DeskState,
  { request, rateUnits }: Extract<Message, { kind: 'deposit' }>,
): readonly Effect[] {
  const planned = setup.requests[request] as PlannedRequest
  const note = notes[request] as Note
  const capUnits = view?.items[request]?.capUnits ?? 0n
  const isForWant = planned.leftUnits < capUnits
  if (isForWant || note.failures < planned.request.failures) {
    if (!isForWant) note.failures += 1
    const message: Message = { kind: 'failed', request, isForWant }
    return [{ kind: 'send', to: studentNamed(planned), message }]
  }
  if (setup.policy === 'as-described' || note.orders.length === 0) note.orders.push(rateUnits)
  return []
}

/** One step of the desk. */
export function reduceDesk(
  setup: WorldSetup,
  state: DeskState,
  input: Input,
  now: Moment,
): Step<DeskState> {
  switch (input.kind) {
    case 'view':
      return pursued(setup, { ...state, view: input.view }, now)
    case 'message': {
      const { message } = input
      const said = message.kind === 'deposit' ? onDeposit(setup, state, message) : []
      const [next, effects] = pursued(setup, state, now)
      return [next, [...said, ...effects]]
    }
    case 'timer':
      return pursued(setup, state, now)
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}

export interface StrangerState {
  readonly view: MatchView | null
  readonly madeCount: number
}
export const INITIAL_STRANGER: StrangerState = { view: null, madeCount: 0 }

function attemptOf(
  { policy, requests }: WorldSetup,
  attempt: StrangerAttempt,
  request: number,
): Intent {
  const maxRateUnits = requests[request]?.maxRateUnits ?? 1n
  switch (attempt) {
    case 'propose':
      return proposeIntent(request, 0, 'stranger')
    case 'accept': {
      // A quote that has expired.
      const quote = { tutor: 0, rateUnits: maxRateUnits, expirySeconds: 1, nonce: 0n }
      return acceptIntent(policy, request, quote)
    }
    case 'consume':
      return consumeIntent(request, 0, { student: STUDENTS[0], rateUnits: maxRateUnits })
    case 'complete':
      return completeIntent(request, 0, 60)
    case 'rate':
      return rateIntent(request, 1)
    case 'transferCredential':
      return { ...plainIntent(attempt, request), args: { to: 'stranger' } }
    default:
      return plainIntent(attempt, request)
  }
}

/** One step of the stranger; `attempts` in the order of its timers. */
export function reduceStranger(
  setup: WorldSetup,
  attempts: Behaviour['stranger'],
  state: StrangerState,
  input: Input,
): Step<StrangerState> {
  if (input.kind === 'view') return [{ ...state, view: input.view }, []]
  const next = attempts[state.madeCount]
  if (input.kind !== 'timer' || next === undefined) return [state, []]
  const made = attemptOf(setup, next.attempt, next.request % setup.agreements.length)
  const intent = { ...made, key: `${made.key}:${state.madeCount}` }
  const nonce = state.view?.nonce ?? 0
  const submission: Effect = { kind: 'submit', intent, nonce, attempt: 0 }
  return [{ ...state, madeCount: state.madeCount + 1 }, [submission]]
}
