/**
 * The attestor: turns webhooks into what the contract is told.
 *
 * As described it forwards what it gets, in the order of arrival, from whomever it is. Hardened it
 * attests the end as soon as the room is finished, and presence when half of the window for late
 * records has passed: the first half is for webhooks that are late, the other for getting records
 * included. What it has signed it hands to both sides. A room whose end nobody tells of is taken
 * for finished at the booked end, in time for it to be recorded before anyone can refund.
 */
import {
  type Attendee,
  attendanceOf,
  type CallEvent,
  forwarded,
  type Presence,
  recordsLeft,
} from '../../models/attendance-hold/attendanceReducer.ts'
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { isReached } from '../world/ownClock.ts'
import {
  type Attested,
  type Effect,
  type Effects,
  type HoldView,
  type Input,
  SIDES,
  type Step,
} from './actors.ts'
import { atOnce, type Caller, failed, INITIAL_CALLER, type Plan, seek } from './caller.ts'
import { finishIntent, recordIntent, toldIntent } from './intents.ts'
import { bookedEndSeconds, type WorldSetup } from './options.ts'

export interface AttestorState {
  readonly view: HoldView | null
  /** In the order of arrival; hardened each once. */
  readonly events: readonly CallEvent[]
  /** It does not wait for the end of the lesson any more. */
  readonly isImpatient: boolean
  readonly attested: Attested
  readonly caller: Caller
}

const IDLE: Plan = { wishes: [] }
const NOTHING: Attested = { endedAtSeconds: null, records: null }

export const INITIAL_ATTESTOR: AttestorState = {
  view: null,
  events: [],
  isImpatient: false,
  attested: NOTHING,
  caller: INITIAL_CALLER,
}

/** Time after the finish in which the attestor waits for webhooks that are late. */
export function settleSeconds({ parameters }: Pick<WorldSetup, 'parameters'>): number {
  return Math.floor(parameters.attestationWindowSeconds / 2)
}

/** Who has to be there for a second to count. */
function presentOf({ defects }: WorldSetup): readonly Attendee[] {
  return defects.attestorCountsStudentAlone === true ? ['student'] : SIDES
}

/** What can be signed of the events that are known; nothing beyond the end that was attested. */
function attendance(setup: WorldSetup, { events, attested }: AttestorState) {
  const { startsAtSeconds } = setup
  const known = attendanceOf(events, { startsAtSeconds, present: presentOf(setup) })
  const endedAtSeconds = attested.endedAtSeconds ?? known.endedAtSeconds
  const cut = (record: Presence): Presence => {
    return { ...record, leftAtSeconds: Math.min(record.leftAtSeconds, endedAtSeconds ?? 0) }
  }
  const records = known.records.map(cut)
  const isLeft = (record: Presence) => record.joinedAtSeconds < record.leftAtSeconds
  return { endedAtSeconds, records: records.filter(isLeft) }
}

/** Hands both sides what it has signed, and says so for the record. */
function handedOver(attested: Attested): Effects {
  const message = { kind: 'attested', attested } as const
  return [
    { kind: 'mark', mark: { kind: 'signed', attested } },
    { kind: 'broadcast', to: SIDES, message },
  ]
}

function signEnd(setup: WorldSetup, state: AttestorState): Step<AttestorState> {
  if (state.attested.endedAtSeconds !== null) return [state, NO_EFFECTS]
  const { endedAtSeconds } = attendance(setup, state)
  if (endedAtSeconds === null) return [state, NO_EFFECTS]
  const attested = { ...state.attested, endedAtSeconds }
  return [{ ...state, attested }, handedOver(attested)]
}

/** Signs records once webhooks have had time to come; later only what can still be added. */
function signRecords(setup: WorldSetup, state: AttestorState, now: Moment): Step<AttestorState> {
  const { view, attested } = state
  if (view === null || view.finishedAtSeconds === 0) return [state, NO_EFFECTS]
  const dueSeconds = view.finishedAtSeconds + settleSeconds(setup)
  const isSettled = setup.defects.attestorWaitsForNothing === true || isReached(dueSeconds, now)
  if (!isSettled) return [state, NO_EFFECTS]
  const known = attendance(setup, state)
  const before = attested.records
  const lastLeave = before?.at(-1)?.leftAtSeconds ?? 0
  const added = before === null ? known.records : recordsLeft(known, lastLeave)
  if (before !== null && added.length === 0) return [state, NO_EFFECTS]
  const next = { ...attested, records: [...(before ?? []), ...added] }
  return [{ ...state, attested: next }, handedOver(next)]
}

function hardenedPlan(setup: WorldSetup, { attested }: AttestorState, view: HoldView): Plan {
  const { endedAtSeconds, records } = attested
  const { finishedAtSeconds: finished, intervals, headSeconds } = view
  if (finished === 0) {
    if (endedAtSeconds === null) return IDLE
    return { wishes: [{ intent: finishIntent(endedAtSeconds), fromSeconds: endedAtSeconds }] }
  }
  const isOver = headSeconds >= finished + setup.parameters.attestationWindowSeconds
  if (isOver || setup.defects.attestorRecordsNothing === true) return IDLE
  if (records === null) return { wishes: [], wakes: [finished + settleSeconds(setup)] }
  const record = records[intervals]
  return record === undefined ? IDLE : { wishes: [atOnce(recordIntent(intervals, record))] }
}

/** as-described: each call of its account is one webhook, so its nonce says which is next. */
function describedPlan({ events }: AttestorState, view: HoldView): Plan {
  const told = events.flatMap((event) => forwarded(event) ?? [])
  const next = told[view.nonce]
  return next === undefined ? IDLE : { wishes: [atOnce(toldIntent(`told:${view.nonce}`, next))] }
}

function pursued(
  setup: WorldSetup,
  before: AttestorState,
  now: Moment,
  effects: Effects,
): Step<AttestorState> {
  const { view } = before
  if (view === null || view.state !== 'Held') return [before, effects]
  const isHardened = setup.policy === 'hardened'
  const [signed, hands] = isHardened ? signRecords(setup, before, now) : [before, NO_EFFECTS]
  const plan = isHardened ? hardenedPlan(setup, signed, view) : describedPlan(signed, view)
  const [caller, calls] = seek(signed.caller, view, plan, now, setup.profile.resendAfterMs)
  return [{ ...signed, caller }, [...effects, ...hands, ...calls]]
}

/** Whether an event tells something new: hardened, forged ones and copies do not. */
function counts({ policy, defects }: WorldSetup, { events }: AttestorState, event: CallEvent) {
  if (policy === 'as-described') return true
  if (!event.isSigned && defects.attestorTakesForged !== true) return false
  return !events.some(({ id }) => id === event.id)
}

function onWebhook(
  setup: WorldSetup,
  before: AttestorState,
  event: CallEvent,
): Step<AttestorState> {
  const received: Effect = { kind: 'send', to: 'room', message: { kind: 'received', id: event.id } }
  if (!counts(setup, before, event)) return [before, [received]]
  const isTaken = !event.isSigned && setup.policy === 'hardened'
  const taken = isTaken ? { ...event, isSigned: true } : event
  const state = { ...before, events: [...before.events, taken] }
  if (setup.policy === 'as-described') return [state, [received]]
  const [next, effects] = signEnd(setup, concluded(setup, state))
  return [next, [received, ...effects]]
}

/** Nothing was heard of the end: the lesson counts as finished when it was to be. */
function concluded(setup: WorldSetup, state: AttestorState): AttestorState {
  const { events, attested, isImpatient } = state
  const isKnown = attested.endedAtSeconds !== null || events.length === 0
  if (!isImpatient || isKnown || attendance(setup, state).endedAtSeconds !== null) return state
  const seconds = [bookedEndSeconds(setup), ...events.map(({ atSeconds }) => atSeconds)]
  const event: CallEvent = {
    ...{ id: 'unfinished', kind: 'room_finished', who: null, connection: '' },
    ...{ atSeconds: Math.max(...seconds), isSigned: true },
  }
  return { ...state, events: [...events, event] }
}

function onPatience(setup: WorldSetup, before: AttestorState): Step<AttestorState> {
  if (setup.policy === 'as-described') return [before, NO_EFFECTS]
  return signEnd(setup, concluded(setup, { ...before, isImpatient: true }))
}

/** One step of the attestor. */
export function reduceAttestor(
  setup: WorldSetup,
  before: AttestorState,
  input: Input,
  now: Moment,
): Step<AttestorState> {
  if (input.kind === 'send-failed') {
    const [caller, effects] = failed(before.caller, now)
    return [{ ...before, caller }, effects]
  }
  if (input.kind === 'view') return pursued(setup, { ...before, view: input.view }, now, NO_EFFECTS)
  if (input.kind === 'message') {
    const { message } = input
    if (message.kind === 'ask') {
      const { attested } = before
      return [before, [{ kind: 'send', to: message.from, message: { kind: 'attested', attested } }]]
    }
    if (message.kind !== 'webhook') return [before, NO_EFFECTS]
    const [state, effects] = onWebhook(setup, before, message.event)
    return pursued(setup, state, now, effects)
  }
  const [state, effects] =
    input.name === 'patience' ? onPatience(setup, before) : ([before, NO_EFFECTS] as const)
  return pursued(setup, state, now, effects)
}
