/**
 * Those who bring a student and a tutor together, and rate afterwards: the student's app, the
 * tutor's app, the matchmaker; and the platform, which has its commission passed on.
 *
 * Reducers as everywhere: what is wanted is recomputed from the chain's state, and time is what
 * each one's own clock says. A tutor's quote expires by the clock that it was signed by, so a clock
 * that is wrong can make a quote that nobody can use; then the match fails, and says so.
 */
import type { Moment } from '../world/actors.ts'
import { isReached, NEVER, wakeFor } from '../world/ownClock.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import type { Effect, Input, Intent, JourneyView, Message, Offer, Step } from './actors.ts'
import type { JourneySetup } from './options.ts'
import { REQUEST, SESSION } from './parts.ts'

/** A quote is sent again until the chain shows that it was taken up. */
const QUOTE_AGAIN_MS = 5_000
/** What the matchmaker leaves to blocks that are under way before it calls a time over. */
const OVER_AFTER_SECONDS = 1
/** What an acceptance that has run out is left to the student to cancel. */
const RELEASE_AFTER_SECONDS = 30

export interface AppState {
  readonly view: JourneyView | null
  readonly wallet: Wallet
  readonly wakesMs: number
  /** Monotonic times at which something was first seen, by its name. */
  readonly sinceMs: Readonly<Record<string, number>>
  /** Keys of calls that were included and changed nothing: refused. */
  readonly refused: readonly string[]
  readonly offer: Offer | null
}

export const INITIAL_APP: AppState = {
  ...{ view: null, wallet: EMPTY_WALLET, wakesMs: 0, sinceMs: {}, refused: [], offer: null },
}

/** What somebody wants now, and at which seconds of its wall clock something may change. */
interface Wish {
  readonly intent: Intent | null
  readonly wakes: readonly number[]
}
const NOTHING: Wish = { intent: null, wakes: [] }

type Wishes = (setup: JourneySetup, state: AppState, now: Moment) => Wish

function call(action: string, agreement: number, args: Intent['args'] = {}, key = action): Intent {
  return { action, key, args, agreement }
}

/** Wants `intent` once so much time has passed since `name` was first seen. */
function after(state: AppState, name: string, delayMs: number, intent: Intent, now: Moment): Wish {
  const dueMs = (state.sinceMs[name] ?? now.monotonicMs) + delayMs
  if (now.monotonicMs >= dueMs) return { intent, wakes: [] }
  return { intent: null, wakes: [(now.wallMs + dueMs - now.monotonicMs) / 1000] }
}

const rating = (side: 'student' | 'tutor'): Wishes => {
  return ({ behaviour }, state, now) => {
    const { match } = state.view as JourneyView
    const given = side === 'student' ? match.ratingStudent : match.ratingTutor
    if (given > 0) return NOTHING
    const intent = call('rate', REQUEST, { score: behaviour.scores[side] })
    return after(state, 'Completed', behaviour.rateDelayMs[side], intent, now)
  }
}

const studentWishes: Wishes = (setup, state, now) => {
  const { match } = state.view as JourneyView
  const cancel = { intent: call('cancel', REQUEST), wakes: [] }
  switch (match.state) {
    case 'None':
      return after(state, 'None', setup.behaviour.requestAtMs, call('request', REQUEST), now)
    case 'AwaitingDeposit': {
      const isOver = isReached(match.boundUntilSeconds, now) || state.refused.includes('deposit')
      if (isOver) return cancel
      const deposit = call('deposit', SESSION, { amountUnits: setup.depositUnits })
      const delayMs = setup.behaviour.depositDelayMs
      const { intent, wakes } = after(state, 'AwaitingDeposit', delayMs, deposit, now)
      return { intent, wakes: [...wakes, match.boundUntilSeconds] }
    }
    case 'NoMatch':
      return cancel
    case 'Completed':
      return rating('student')(setup, state, now)
    default:
      return NOTHING
  }
}

const tutorWishes: Wishes = (setup, state, now) => {
  const { match } = state.view as JourneyView
  return match.state === 'Completed' ? rating('tutor')(setup, state, now) : NOTHING
}

const matchmakerWishes: Wishes = ({ behaviour }, { view, offer, refused }, now) => {
  const { match } = view as JourneyView
  const { attempts, proposedAtSeconds, boundUntilSeconds } = match
  switch (match.state) {
    case 'Searching': {
      const tutor = attempts === 0 && behaviour.silentFirst ? 'tutor1' : 'tutor0'
      return { intent: call('propose', REQUEST, { tutor }, `propose:${attempts}`), wakes: [] }
    }
    case 'Proposed': {
      const overSeconds = boundUntilSeconds + OVER_AFTER_SECONDS
      const wakes = [overSeconds]
      if (isReached(overSeconds, now)) {
        return { intent: call('lapse', REQUEST, {}, `lapse:${attempts}`), wakes }
      }
      const key = `accept:${attempts}`
      const isAnswer = offer?.proposedAtSeconds === proposedAtSeconds
      if (offer === null || !isAnswer || refused.includes(key)) return { intent: null, wakes }
      const { rateUnits, expirySeconds: expiry, nonce } = offer
      const args = { rateUnits, expiry, nonce, quote: 'genuine', tutor: 'tutor0' }
      return { intent: call('accept', REQUEST, args, key), wakes }
    }
    case 'AwaitingDeposit': {
      const overSeconds = boundUntilSeconds + RELEASE_AFTER_SECONDS
      const intent = isReached(overSeconds, now) ? call('release', REQUEST) : null
      return { intent, wakes: [overSeconds] }
    }
    default:
      return NOTHING
  }
}

const platformWishes: Wishes = (_, state) => {
  const { withdrawal, session } = state.view as JourneyView
  const isDue = session.state === 'Closed' && withdrawal.commissionUnits > 0n
  return isDue ? { intent: call('passCommission', SESSION), wakes: [] } : NOTHING
}

const WISHES = {
  student: studentWishes,
  tutor: tutorWishes,
  matchmaker: matchmakerWishes,
  platform: platformWishes,
} as const
export type App = keyof typeof WISHES

/** Calls that were included and after which the same is still wanted were refused. */
function learn(state: AppState, intent: Intent | null): readonly string[] {
  const { view, wallet, refused } = state
  if (view === null || intent === null || intent.key !== wallet.key) return refused
  return view.nonce > wallet.nonce ? [...refused, intent.key] : refused
}

/** Lets the wallet act on what is wanted now. */
function pursued(app: App, setup: JourneySetup, before: AppState, now: Moment): Step<AppState> {
  const { view } = before
  if (view === null) return [before, []]
  const known = { ...before, refused: learn(before, WISHES[app](setup, before, now).intent) }
  const { intent, wakes } = WISHES[app](setup, known, now)
  const [wakesMs, timers] = wakeFor(known.wakesMs, wakes, now)
  const [wallet, sends] = pursue({
    ...{ wallet: known.wallet, intent, nonce: view.nonce, monotonicMs: now.monotonicMs },
    resendAfterMs: setup.profile.resendAfterMs,
  })
  return [{ ...known, wakesMs, wallet }, [...timers, ...sends]]
}

/** The tutor signs one quote for each proposal, and sends it until it is taken up. */
function offered(setup: JourneySetup, state: AppState, now: Moment): Step<AppState> {
  const { match } = state.view as JourneyView
  const { tutorThinksMs, rateUnits, quoteSeconds } = setup.behaviour
  const { proposedAtSeconds } = match
  if (match.state !== 'Proposed' || match.tutor !== 'tutor0') return [state, []]
  const seenMs = state.sinceMs[`proposal:${proposedAtSeconds}`] ?? now.monotonicMs
  const leftMs = seenMs + tutorThinksMs - now.monotonicMs
  if (leftMs > 0) return [state, [{ kind: 'timer', name: 'quote', afterMs: leftMs }]]
  const isAnswered = state.offer?.proposedAtSeconds === proposedAtSeconds
  const expirySeconds = Math.floor(now.wallMs / 1000) + quoteSeconds
  const nonce = (state.offer?.nonce ?? 0n) + 1n
  const offer: Offer =
    isAnswered && state.offer !== null
      ? state.offer
      : { kind: 'quote', proposedAtSeconds, rateUnits, expirySeconds, nonce }
  const effects: readonly Effect[] = [
    { kind: 'send', to: 'matchmaker', message: offer },
    { kind: 'timer', name: 'quote', afterMs: QUOTE_AGAIN_MS },
  ]
  return [{ ...state, offer }, effects]
}

/** Notes when each state of the request, and each proposal, was first seen. */
function noted(state: AppState, view: JourneyView, { monotonicMs }: Moment): AppState {
  const { match } = view
  const names = [match.state, `proposal:${match.proposedAtSeconds}`]
  const fresh = names.filter((name) => (state.sinceMs[name] ?? NEVER) === NEVER)
  const sinceMs = {
    ...state.sinceMs,
    ...Object.fromEntries(fresh.map((name) => [name, monotonicMs])),
  }
  return { ...state, view, sinceMs }
}

function heard(app: App, state: AppState, message: Message): AppState {
  return app === 'matchmaker' && message.kind === 'quote' ? { ...state, offer: message } : state
}

/** One step of one of those who match. */
export function reduceApp(
  app: App,
  setup: JourneySetup,
  state: AppState,
  input: Input,
  now: Moment,
): Step<AppState> {
  switch (input.kind) {
    case 'view': {
      const before = state.view?.match.proposedAtSeconds ?? 0
      const seen = noted(state, input.view, now)
      const isNew = app === 'tutor' && input.view.match.proposedAtSeconds !== before
      const [next, effects] = isNew ? offered(setup, seen, now) : ([seen, []] as const)
      const [after, more] = pursued(app, setup, next, now)
      return [after, [...effects, ...more]]
    }
    case 'message':
      return pursued(app, setup, heard(app, state, input.message), now)
    case 'timer':
      if (input.name === 'quote' && state.view !== null) return offered(setup, state, now)
      return pursued(app, setup, state, now)
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
