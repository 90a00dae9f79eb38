/**
 * A student: looks whether it can pay what it would offer, asks for a tutor, tells the matchmaker
 * what for, brings the quote that it gets, deposits, and gives up when it has waited for too long.
 *
 * A deposit that fails is tried again, with a lower cap if the tokens are too few. Who is not found
 * a tutor goes on the waiting list or books, once. Of the time it knows what its own clock says.
 * What it keeps of each request is changed in place.
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
  OPEN_STATES,
  type Quote,
  SAID_AGAIN_MS,
  type Step,
} from './actors.ts'
import {
  acceptIntent,
  bookIntent,
  ofKey,
  plainIntent,
  rateIntent,
  reduceIntent,
} from './intents.ts'
import type { PlannedRequest, WorldSetup } from './options.ts'
import { wakeAt } from './wake.ts'

const SECOND_MS = 1000
/** as-described: who is still waiting presses the button again. */
const PRESSED_AGAIN_MS = 20_000
/** A deposit of which nothing is heard is ordered again, and one that failed is tried again. */
export const DEPOSIT_AGAIN_MS = 15_000
export const AFTER_FAILURE_MS = 3_000
/** A quote that the contract refuses is brought so many times. */
const TRIES_MAX = 3

export interface StudentConfig extends WorldSetup {
  /** Its own requests, in order of time. */
  readonly own: readonly PlannedRequest[]
}

interface Note {
  isNoted: boolean
  /** Monotonic times: from when it has wanted this, and when it says so next. */
  sinceMs: number
  saysMs: number
  isImpatient: boolean
  quote: Quote | null
  /** By quote. */
  readonly tries: Map<string, number>
  /** Acceptance that the deposit is for, and when (monotonic) it is ordered next. */
  acceptedAtSeconds: number
  depositMs: number
  isShort: boolean
  hasFallenBack: boolean
  bookAtSeconds: number
}

export interface StudentState {
  readonly view: MatchView | null
  /** Requests whose time has come. */
  readonly begunCount: number
  readonly wakesMs: number
  readonly wallet: Wallet
  readonly notes: ReadonlyMap<number, Note>
}

export function studentConfig(setup: WorldSetup, student: number): StudentConfig {
  const own = setup.requests.filter((each) => each.student === student)
  return { ...setup, own: own.sort((a, b) => a.request.atMs - b.request.atMs) }
}

export function initialStudent({ own }: StudentConfig): StudentState {
  const note = (): Note => ({
    ...{ isNoted: false, sinceMs: NEVER, saysMs: 0, isImpatient: false, quote: null },
    ...{ tries: new Map(), acceptedAtSeconds: 0, depositMs: NEVER, isShort: false },
    ...{ hasFallenBack: false, bookAtSeconds: 0 },
  })
  const notes = new Map(own.map(({ index }) => [index, note()]))
  return { view: null, begunCount: 0, wakesMs: 0, wallet: EMPTY_WALLET, notes }
}

/** Each tutor counts its nonces by itself. */
function nameOf({ tutor, nonce }: Quote): string {
  return `${tutor}:${nonce}`
}

function isFunded({ defects }: WorldSetup, { purseUnits, capUnits }: PlannedRequest): boolean {
  return purseUnits >= capUnits || defects.studentLooksAtNoBalance === true
}

/** When (monotonic) it has waited for long enough. */
function tiredMs({ request }: PlannedRequest, { sinceMs, bookAtSeconds }: Note): number {
  return sinceMs + request.patienceMs + (bookAtSeconds > 0 ? request.bookMs : 0)
}

/** What the student says about one request now, and when (monotonic) the next thing is due. */
function attend(
  config: StudentConfig,
  planned: PlannedRequest,
  note: Note,
  item: Item,
  now: Moment,
) {
  const effects: Effect[] = []
  const { monotonicMs } = now
  const { index: request } = planned
  const waitsMs = tiredMs(planned, note)
  const isOpen = OPEN_STATES.includes(item.state)
  if (monotonicMs >= waitsMs && isOpen && !note.isImpatient) {
    note.isImpatient = true
    effects.push({ kind: 'mark', mark: { kind: 'impatient', request } })
  }
  const isEager = config.policy === 'as-described' && item.state === 'Searching'
  const speaks = (isOpen || item.state === 'None') && (!note.isNoted || isEager)
  if (speaks && monotonicMs < waitsMs && monotonicMs >= note.saysMs) {
    note.saysMs = monotonicMs + (note.isNoted ? PRESSED_AGAIN_MS : SAID_AGAIN_MS)
    effects.push({ kind: 'send', to: 'matchmaker', message: { kind: 'wish', request } })
  }
  if (item.state === 'AwaitingDeposit' && !note.isImpatient) {
    effects.push(...deposit(planned, note, item, monotonicMs))
  } else note.depositMs = NEVER
  return { effects, duesMs: [waitsMs, speaks ? note.saysMs : NEVER, note.depositMs] }
}

function deposit(
  { index: request, request: { depositMs, depositsTwice }, leftUnits }: PlannedRequest,
  note: Note,
  item: Item,
  monotonicMs: number,
): readonly Effect[] {
  if (note.acceptedAtSeconds !== item.acceptedAtSeconds || note.depositMs === NEVER) {
    const isNew = note.acceptedAtSeconds !== item.acceptedAtSeconds
    if (isNew) note.isShort = false
    note.acceptedAtSeconds = item.acceptedAtSeconds
    note.depositMs = monotonicMs + (isNew ? depositMs : 0)
  }
  if (note.isShort && item.capUnits > leftUnits) return []
  if (monotonicMs < note.depositMs) return []
  note.depositMs = monotonicMs + DEPOSIT_AGAIN_MS
  const message: Message = { kind: 'deposit', request, rateUnits: item.rateUnits }
  const ordered: Effect = { kind: 'send', to: 'sessionEscrow', message }
  return depositsTwice ? [ordered, ordered] : [ordered]
}

/** What it wants of the contract for one request; null for nothing. */
function wish(config: StudentConfig, planned: PlannedRequest, note: Note, item: Item, now: Moment) {
  const { index, request, maxRateUnits, leftUnits } = planned
  const { defects, policy } = config
  if (note.isImpatient && OPEN_STATES.includes(item.state)) {
    return defects.studentNeverCancels === true ? null : plainIntent('cancel', index)
  }
  switch (item.state) {
    case 'None':
      return now.monotonicMs < tiredMs(planned, note) ? plainIntent('request', index) : null
    case 'Proposed': {
      const { quote } = note
      if (policy === 'as-described' || quote === null || quote.tutor !== item.tutor) return null
      const isGood = quote.rateUnits <= maxRateUnits
      return isGood && defects.studentBringsNoQuote !== true
        ? acceptIntent(policy, index, quote)
        : null
    }
    case 'AwaitingDeposit': {
      const isLess = leftUnits < item.capUnits && leftUnits >= item.rateUnits
      return note.isShort && isLess ? reduceIntent(index, leftUnits) : null
    }
    case 'NoMatch':
      if (request.fallback === 'cancel' || note.hasFallenBack) return plainIntent('cancel', index)
      if (request.fallback === 'waitlist') return plainIntent('waitlist', index)
      return bookIntent(index, note.bookAtSeconds)
    case 'Completed': {
      const { studentScore } = request
      return studentScore > 0 && item.ratingStudent === 0 ? rateIntent(index, studentScore) : null
    }
    default:
      return null
  }
}

/** Notes what a new view tells about its own calls. */
function learn(config: StudentConfig, { view, wallet, notes }: StudentState, now: Moment): void {
  if (view === null) return
  const isOver = wallet.key !== null && view.nonce > wallet.nonce
  const last = ofKey(wallet.key ?? '')
  for (const { index, request } of config.own) {
    const note = notes.get(index) as Note
    const { state } = view.items[index] as Item
    if (state === 'Waitlisted' || state === 'Booked') note.hasFallenBack = true
    const isRefused = isOver && last.request === index
    if (state === 'Proposed' && isRefused && last.action === 'accept' && note.quote !== null) {
      const name = nameOf(note.quote)
      note.tries.set(name, (note.tries.get(name) ?? 0) + 1)
      note.quote = null
    }
    const isStale = note.bookAtSeconds === 0 || (isRefused && last.action === 'book')
    if (state === 'NoMatch' && request.fallback === 'book' && !note.hasFallenBack && isStale) {
      const fromMs = Math.max(now.wallMs, view.headSeconds * SECOND_MS)
      note.bookAtSeconds = Math.ceil((fromMs + request.bookMs) / SECOND_MS)
    }
  }
}

function pursued(config: StudentConfig, state: StudentState, now: Moment): Step<StudentState> {
  const { view, notes } = state
  if (view === null) return [state, []]
  learn(config, state, now)
  const effects: Effect[] = []
  const duesMs: number[] = []
  let intent: Intent | null = null
  for (const planned of config.own.slice(0, state.begunCount)) {
    if (!isFunded(config, planned)) continue
    const note = notes.get(planned.index) as Note
    const item = view.items[planned.index] as Item
    const attended = attend(config, planned, note, item, now)
    effects.push(...attended.effects)
    duesMs.push(...attended.duesMs)
    intent ??= wish(config, planned, note, item, now)
  }
  const [wakesMs, timers] = wakeAt(state.wakesMs, duesMs, now)
  const [wallet, sends] = pursue({
    ...{ wallet: state.wallet, intent, nonce: view.nonce, monotonicMs: now.monotonicMs },
    resendAfterMs: config.profile.resendAfterMs,
  })
  return [{ ...state, wakesMs, wallet }, [...effects, ...timers, ...sends]]
}

function begun(config: StudentConfig, state: StudentState, now: Moment): Step<StudentState> {
  const planned = config.own[state.begunCount]
  if (planned === undefined) return pursued(config, state, now)
  const { index: request } = planned
  const note = state.notes.get(request) as Note
  note.sinceMs = now.monotonicMs
  const kind = isFunded(config, planned) ? 'wanted' : 'unfunded'
  const marked: Effect = { kind: 'mark', mark: { kind, request } }
  const [next, effects] = pursued(config, { ...state, begunCount: state.begunCount + 1 }, now)
  return [next, [marked, ...effects]]
}

function onMessage({ notes }: StudentState, message: Message, { monotonicMs }: Moment): void {
  if (!('request' in message)) return
  const note = notes.get(message.request)
  if (note === undefined) return
  if (message.kind === 'noted') note.isNoted = true
  if (message.kind === 'quote') {
    if ((note.tries.get(nameOf(message.quote)) ?? 0) < TRIES_MAX) note.quote = message.quote
  }
  if (message.kind !== 'failed' || note.depositMs === NEVER) return
  if (message.isForWant) note.isShort = true
  note.depositMs = monotonicMs + (message.isForWant ? 0 : AFTER_FAILURE_MS)
}

/** One step of a student. */
export function reduceStudent(
  config: StudentConfig,
  state: StudentState,
  input: Input,
  now: Moment,
): Step<StudentState> {
  switch (input.kind) {
    case 'view':
      return pursued(config, { ...state, view: input.view }, now)
    case 'message':
      onMessage(state, input.message, now)
      return pursued(config, state, now)
    case 'timer':
      return input.name === 'begin' ? begun(config, state, now) : pursued(config, state, now)
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
