/**
 * A tutor: comes and goes, tells the matchmaker, and answers each proposal as it likes.
 *
 * Hardened an acceptance is a quote that it signs and sends to the student, who brings it to the
 * contract; as described it says its rate there itself. Its app answers each proposal by itself and
 * does not look at others. How long a quote is good it reckons with its own clock. Proposals that
 * it has seen are kept in place.
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
  type Quote,
  SAID_AGAIN_MS,
  STUDENTS,
  type Step,
} from './actors.ts'
import type { ANSWERS } from './behaviour.ts'
import { acceptIntent, plainIntent, rateIntent } from './intents.ts'
import type { PlannedRequest, PlannedTutor, WorldSetup } from './options.ts'
import { wakeAt } from './wake.ts'

const SECOND_MS = 1000
/** A quote is sent so many times soon, and then seldom, for as long as its proposal stands. */
const QUOTES_SOON = 6
const SELDOM_MS = 4 * SAID_AGAIN_MS
/** A call that the contract refuses is tried so many times. */
const TRIES_MAX = 2

export interface TutorConfig extends WorldSetup {
  readonly tutor: number
  readonly own: PlannedTutor
}

/** A proposal that it has seen. */
interface Note {
  readonly answer: (typeof ANSWERS)[number]
  /** Monotonic time at which it answers, and then at which it says so again. */
  dueMs: number
  quote: Quote | null
  quotes: number
  tries: number
}

export interface TutorState {
  readonly view: MatchView | null
  readonly isOnline: boolean
  /** Number of what it last told the matchmaker, and when (monotonic) it says so again. */
  readonly number: number
  readonly saysMs: number
  readonly wakesMs: number
  readonly wallet: Wallet
  readonly nonce: bigint
  readonly notes: Map<string, Note>
}

export function tutorConfig(setup: WorldSetup, tutor: number): TutorConfig {
  return { ...setup, tutor, own: setup.tutors[tutor] as PlannedTutor }
}

export function initialTutor(): TutorState {
  return {
    ...{ view: null, isOnline: false, number: 0, saysMs: NEVER, wakesMs: 0 },
    ...{ wallet: EMPTY_WALLET, nonce: 1n, notes: new Map() },
  }
}

/** Proposals are told apart by when and in which attempt they were made. */
function keyOf(request: number, { proposedAtSeconds, attempts }: Item): string {
  return `${request}:${proposedAtSeconds}:${attempts}`
}

function noteOf(config: TutorConfig, { notes }: TutorState, key: string, now: Moment): Note {
  const before = notes.get(key)
  if (before !== undefined) return before
  const { answers, thinkMs } = config.own.tutor
  const answer = answers[notes.size % answers.length] ?? 'silent'
  const dueMs = now.monotonicMs + thinkMs
  const note = { answer, dueMs, quote: null, quotes: 0, tries: 0 }
  notes.set(key, note)
  return note
}

/** Its own rate, unless a defect says otherwise. */
function quoteOf(config: TutorConfig, planned: PlannedRequest, nonce: bigint, now: Moment): Quote {
  const { tutor, own, defects } = config
  const isHighest = defects.tutorSignsTheMaximum === true
  const expiryMs = now.wallMs + own.tutor.quoteMs
  return {
    tutor,
    rateUnits: isHighest ? planned.maxRateUnits : own.ownRateUnits,
    expirySeconds: Math.ceil(expiryMs / SECOND_MS),
    nonce,
  }
}

interface Attended {
  readonly effects: Effect[]
  readonly duesMs: number[]
  intent: Intent | null
  nonce: bigint
}

/** Answers a proposal that stands and is due. */
function answer(
  config: TutorConfig,
  planned: PlannedRequest,
  note: Note,
  now: Moment,
  all: Attended,
): void {
  const { index: request, student } = planned
  if (note.answer === 'silent') return
  if (now.monotonicMs < note.dueMs) {
    all.duesMs.push(note.dueMs)
    return
  }
  if (note.answer === 'decline') {
    if (note.tries < TRIES_MAX) all.intent ??= plainIntent('decline', request)
    return
  }
  if (note.quote === null) {
    const quote = quoteOf(config, planned, all.nonce, now)
    note.quote = quote
    all.nonce += 1n
    const { ownRateUnits } = config.own
    all.effects.push({ kind: 'mark', mark: { kind: 'offered', request, ownRateUnits, quote } })
  }
  if (config.policy === 'as-described') {
    if (note.tries < TRIES_MAX) all.intent ??= acceptIntent(config.policy, request, note.quote)
    return
  }
  note.quotes += 1
  note.dueMs = now.monotonicMs + (note.quotes < QUOTES_SOON ? SAID_AGAIN_MS : SELDOM_MS)
  all.duesMs.push(note.dueMs)
  const message = { kind: 'quote' as const, request, quote: note.quote }
  all.effects.push({ kind: 'send', to: STUDENTS[student] as (typeof STUDENTS)[number], message })
}

function attend(config: TutorConfig, state: TutorState, view: MatchView, now: Moment): Attended {
  const { wallet } = state
  const all: Attended = { effects: [], duesMs: [], intent: null, nonce: state.nonce }
  for (const planned of config.requests) {
    const { index } = planned
    const item = view.items[index] as Item
    if (item.tutor !== config.tutor) continue
    const score = planned.request.tutorScore
    if (item.state === 'Completed' && score > 0 && item.ratingTutor === 0) {
      all.intent ??= rateIntent(index, score)
    }
    if (item.state !== 'Proposed' || !state.isOnline) continue
    const note = noteOf(config, state, keyOf(index, item), now)
    const isOver = wallet.key !== null && view.nonce > wallet.nonce
    if (isOver && /^(accept|decline):/.test(wallet.key ?? '')) {
      if (Number(wallet.key?.split(':')[1]) === index) note.tries += 1
    }
    answer(config, planned, note, now, all)
  }
  return all
}

/** Tells the matchmaker whether it takes students, until that is seen. */
function tell({ tutor }: TutorConfig, state: TutorState, { monotonicMs }: Moment) {
  const { saysMs, number, isOnline } = state
  if (monotonicMs < saysMs) return [saysMs, []] as const
  const message = { kind: 'status' as const, tutor, number, isOnline }
  const said: Effect = { kind: 'send', to: 'matchmaker', message }
  return [monotonicMs + SAID_AGAIN_MS, [said]] as const
}

function pursued(config: TutorConfig, before: TutorState, now: Moment): Step<TutorState> {
  const [saysMs, said] = tell(config, before, now)
  const { view } = before
  const all: Attended =
    view === null
      ? { effects: [], duesMs: [], intent: null, nonce: before.nonce }
      : attend(config, before, view, now)
  const [wakesMs, timers] = wakeAt(before.wakesMs, [...all.duesMs, saysMs], now)
  const state = { ...before, saysMs, wakesMs, nonce: all.nonce }
  const effects = [...said, ...all.effects, ...timers]
  if (view === null) return [state, effects]
  const [wallet, sends] = pursue({
    ...{ wallet: before.wallet, intent: all.intent, nonce: view.nonce },
    ...{ monotonicMs: now.monotonicMs, resendAfterMs: config.profile.resendAfterMs },
  })
  return [{ ...state, wallet }, [...effects, ...sends]]
}

/** Comes or goes. */
function turned(config: TutorConfig, before: TutorState, now: Moment): Step<TutorState> {
  const isOnline = !before.isOnline
  const mark: Effect = { kind: 'mark', mark: { kind: 'online', tutor: config.tutor, isOnline } }
  const state = { ...before, isOnline, number: before.number + 1, saysMs: now.monotonicMs }
  const [next, effects] = pursued(config, state, now)
  return [next, [mark, ...effects]]
}

/** One step of a tutor. */
export function reduceTutor(
  config: TutorConfig,
  state: TutorState,
  input: Input,
  now: Moment,
): Step<TutorState> {
  switch (input.kind) {
    case 'view':
      return pursued(config, { ...state, view: input.view }, now)
    case 'timer':
      return input.name === 'begin' ? turned(config, state, now) : pursued(config, state, now)
    case 'message': {
      const { message } = input
      const isSeen = message.kind === 'seen' && message.number === state.number
      return isSeen ? [{ ...state, saysMs: NEVER }, []] : [state, []]
    }
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
