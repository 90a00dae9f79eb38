/**
 * The matchmaker: knows what each student looks for and who takes students, picks a tutor, proposes
 * it, and goes on to the next when it declines or is silent for too long by the matchmaker's clock.
 *
 * It has the tutors on file; whether they are there they tell it. Hardened it looks who is bound,
 * asks each tutor once in a search and the silent ones again while attempts are left. As described
 * it looks at no other request, and a student who presses the button again begins a new round when
 * everybody was asked, so that nothing but patience ends a search. Notes are changed in place.
 */
import type { Moment } from '../world/actors.ts'
import { heldUntilMs, isReached } from '../world/ownClock.ts'
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
  TUTORS,
} from './actors.ts'
import { ofKey, plainIntent, proposeIntent } from './intents.ts'
import type { PlannedRequest, PlannedTutor, WorldSetup } from './options.ts'
import { wakeAt } from './wake.ts'

const SECOND_MS = 1000

interface Note {
  isKnown: boolean
  /** Proposals of this search, as last seen. */
  attempts: number
  /** Tutors who were asked in it, and those of them who have said nothing. */
  asked: number[]
  silent: number[]
  /** Whom it stood proposed to, as last seen. */
  stood: number | null
}

export interface MatchmakerState {
  readonly view: MatchView | null
  readonly wakesMs: number
  readonly wallet: Wallet
  readonly notes: readonly Note[]
  /** By tutor: number of its newest word, and whether it takes students. */
  readonly tutors: { number: number; isOnline: boolean }[]
  /** By key of a call: monotonic time until which it waits, as it came too early. */
  readonly holds: Map<string, number>
}

export function initialMatchmaker({ requests }: WorldSetup): MatchmakerState {
  const notes = requests.map(() => ({
    ...{ isKnown: false, attempts: 0, asked: [], silent: [], stood: null },
  }))
  const tutors = TUTORS.map(() => ({ number: 0, isOnline: false }))
  return { view: null, wakesMs: 0, wallet: EMPTY_WALLET, notes, tutors, holds: new Map() }
}

/** The filters, but for who is there. */
function fits(setup: WorldSetup, planned: PlannedRequest, tutor: number): boolean {
  const { request, maxRateUnits } = planned
  const { tutor: person, listedRateUnits } = setup.tutors[tutor] as PlannedTutor
  const { matchmakerForgetsFilters, matchmakerForgetsRates } = setup.defects
  if (listedRateUnits > maxRateUnits && matchmakerForgetsRates !== true) return false
  if (matchmakerForgetsFilters === true) return true
  const isCertified = person.hasCredential || !request.needsCredential
  return person.language === request.language && person.level >= request.level && isCertified
}

/** Keeps its notes of a request in step with the chain. */
function follow(note: Note, item: Item, lapsed: boolean): void {
  const { state, attempts, tutor } = item
  // A new search, or blocks were replaced.
  if (attempts < note.attempts || (attempts === 0 && note.stood === null)) {
    note.asked = []
    note.silent = []
  }
  note.attempts = attempts
  if (note.stood !== null && state !== 'Proposed' && lapsed) note.silent.push(note.stood)
  note.stood = state === 'Proposed' ? tutor : null
  if (note.stood === null) return
  if (!note.asked.includes(tutor)) note.asked.push(tutor)
  note.silent = note.silent.filter((each) => each !== tutor)
}

/** Second from which on no other request holds the tutor; 0 when none does. */
function freeFromSeconds({ items }: MatchView, request: number, tutor: number): number {
  return items.reduce((latest, item, index) => {
    const binds = ['Proposed', 'AwaitingDeposit', 'Matched'].includes(item.state)
    const isHeld = index !== request && item.tutor === tutor && binds
    return isHeld ? Math.max(latest, item.boundUntilSeconds) : latest
  }, 0)
}

interface Desire {
  readonly intent: Intent
  /** Second from which on the contract takes it. */
  readonly fromSeconds: number
}

interface Looked {
  readonly setup: WorldSetup
  readonly state: MatchmakerState
  readonly view: MatchView
  readonly now: Moment
  /** Seconds at which something may change. */
  readonly wakes: number[]
}

function isPast(seconds: number, { view, now }: Looked): boolean {
  return view.headSeconds >= seconds || isReached(seconds, now)
}

/** Ends of proposals and acceptances that are over by its clock. */
function overdue(looked: Looked, item: Item, index: number): Desire | null {
  const { defects, parameters } = looked.setup
  const { state, proposedAtSeconds, acceptedAtSeconds, boundUntilSeconds } = item
  const isProposal = state === 'Proposed'
  if (!isProposal && state !== 'AwaitingDeposit') return null
  const { matchmakerNeverLapses, matchmakerNeverReleases } = defects
  if (isProposal ? matchmakerNeverLapses === true : matchmakerNeverReleases === true) return null
  const ttlSeconds = parameters.proposalTtlSeconds
  const fromSeconds = isProposal ? proposedAtSeconds + ttlSeconds : boundUntilSeconds
  if (!isPast(fromSeconds, looked)) {
    looked.wakes.push(fromSeconds)
    return null
  }
  const round = isProposal ? proposedAtSeconds : acceptedAtSeconds
  const intent = plainIntent(isProposal ? 'lapse' : 'release', index, round)
  return { intent, fromSeconds }
}

/** Whom it would propose now, best first, and whether waiting for somebody makes sense. */
function candidatesFor(looked: Looked, planned: PlannedRequest, note: Note) {
  const { setup, state, view } = looked
  const { index } = planned
  const isAsDescribed = setup.policy === 'as-described'
  let waits = false
  const ready = TUTORS.flatMap((_, tutor) => {
    if (!(state.tutors[tutor]?.isOnline ?? false) || !fits(setup, planned, tutor)) return []
    if (isAsDescribed) return [tutor]
    const freeSeconds = freeFromSeconds(view, index, tutor)
    if (freeSeconds === 0 || isPast(freeSeconds, looked)) return [tutor]
    if (!Number.isFinite(freeSeconds)) return []
    looked.wakes.push(freeSeconds)
    if (!note.asked.includes(tutor) || note.silent.includes(tutor)) waits = true
    return []
  })
  const fresh = ready.filter((tutor) => !note.asked.includes(tutor))
  const again = isAsDescribed ? [] : ready.filter((tutor) => note.silent.includes(tutor))
  // As described who has been asked is asked again as soon as the button is pressed again.
  waits ||= isAsDescribed && ready.length > 0
  return { tutors: [...fresh, ...again], waits }
}

function search(looked: Looked, planned: PlannedRequest, item: Item): readonly Desire[] {
  const { setup, state } = looked
  const { index } = planned
  const note = state.notes[index] as Note
  const { attempts, bookedForSeconds } = item
  const { matchmakerForgetsTheList, matchmakerForgetsBookings } = setup.defects
  if (item.state === 'Waitlisted' && matchmakerForgetsTheList === true) return []
  if (item.state === 'Booked' && matchmakerForgetsBookings === true) return []
  const isEarly = item.state === 'Booked' && !isPast(bookedForSeconds, looked)
  if (isEarly) looked.wakes.push(bookedForSeconds)
  if (!note.isKnown || isEarly) return []
  const { tutors, waits } = candidatesFor(looked, planned, note)
  const round = `${item.state}:${attempts}:${item.proposedAtSeconds}`
  if (tutors.length === 0) {
    if (item.state !== 'Searching' || waits) return []
    return [{ intent: plainIntent('noMatch', index, round), fromSeconds: 0 }]
  }
  if (attempts > 0 && setup.defects.matchmakerAsksOnce === true) return []
  const bookedSeconds = item.state === 'Booked' ? bookedForSeconds : 0
  return tutors.map((tutor) => {
    const freeSeconds = freeFromSeconds(looked.view, index, tutor)
    const fromSeconds = Math.max(bookedSeconds, Number.isFinite(freeSeconds) ? freeSeconds : 0)
    return { intent: proposeIntent(index, tutor, round), fromSeconds }
  })
}

function* desires(looked: Looked): Generator<Desire> {
  const { setup, view } = looked
  const all = setup.requests.map((planned) => [planned, view.items[planned.index] as Item] as const)
  for (const [{ index }, item] of all) {
    const over = overdue(looked, item, index)
    if (over !== null) yield over
  }
  for (const [planned, item] of all) {
    if (!['Searching', 'Waitlisted', 'Booked'].includes(item.state)) continue
    yield* search(looked, planned, item)
  }
}

/** The first thing that it wants and that does not wait for its time. */
function choose(looked: Looked, heldMs: number[]): Intent | null {
  const { state, view, now } = looked
  let chosen: Intent | null = null
  for (const { intent, fromSeconds } of desires(looked)) {
    const { key } = intent
    const { wallet, holds } = state
    const newMs = heldUntilMs({ wallet, view, intent, fromSeconds }, now)
    if (newMs > 0) holds.set(key, newMs)
    const untilMs = holds.get(key) ?? 0
    // All of them are gone through: each may have something to wake for.
    if (untilMs > now.monotonicMs) heldMs.push(untilMs)
    else chosen ??= intent
  }
  return chosen
}

function pursued(setup: WorldSetup, state: MatchmakerState, now: Moment): Step<MatchmakerState> {
  const { view } = state
  if (view === null) return [state, []]
  const looked: Looked = { setup, state, view, now, wakes: [] }
  const duesMs: number[] = []
  const intent = choose(looked, duesMs)
  const { wallMs, monotonicMs } = now
  duesMs.push(...looked.wakes.map((seconds) => monotonicMs + seconds * SECOND_MS - wallMs))
  const [wakesMs, timers] = wakeAt(state.wakesMs, duesMs, now)
  const [wallet, sends] = pursue({
    ...{ wallet: state.wallet, intent, nonce: view.nonce, monotonicMs },
    resendAfterMs: setup.profile.resendAfterMs,
  })
  return [{ ...state, wakesMs, wallet }, [...timers, ...sends]]
}

function onView(setup: WorldSetup, before: MatchmakerState, view: MatchView, now: Moment) {
  const { action, request } = ofKey(before.wallet.key ?? '')
  for (const { index } of setup.requests) {
    const lapsed = action === 'lapse' && request === index
    follow(before.notes[index] as Note, view.items[index] as Item, lapsed)
  }
  return pursued(setup, { ...before, view }, now)
}

/** as-described: whether everybody who is there and suits was asked. */
function isRoundOver(
  setup: WorldSetup,
  tutors: MatchmakerState['tutors'],
  planned: PlannedRequest,
  { asked }: Note,
): boolean {
  return tutors.every(({ isOnline }, tutor) => {
    return asked.includes(tutor) || !isOnline || !fits(setup, planned, tutor)
  })
}

function onMessage(setup: WorldSetup, { notes, tutors }: MatchmakerState, message: Message) {
  if (message.kind === 'wish') {
    const { request } = message
    const note = notes[request] as Note
    note.isKnown = true
    const planned = setup.requests[request] as PlannedRequest
    if (setup.policy === 'as-described' && isRoundOver(setup, tutors, planned, note)) {
      note.asked = []
    }
    const { student } = planned
    const to = STUDENTS[student] as (typeof STUDENTS)[number]
    return [{ kind: 'send', to, message: { kind: 'noted', request } }] as const
  }
  if (message.kind !== 'status') return []
  const { tutor, number, isOnline } = message
  const known = tutors[tutor]
  if (known !== undefined && number > known.number) Object.assign(known, { number, isOnline })
  const to = TUTORS[tutor] as (typeof TUTORS)[number]
  return [{ kind: 'send', to, message: { kind: 'seen', number } }] as const
}

/** One step of the matchmaker. */
export function reduceMatchmaker(
  setup: WorldSetup,
  state: MatchmakerState,
  input: Input,
  now: Moment,
): Step<MatchmakerState> {
  switch (input.kind) {
    case 'view':
      return onView(setup, state, input.view, now)
    case 'message': {
      const said: readonly Effect[] = onMessage(setup, state, input.message)
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
