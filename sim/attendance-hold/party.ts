/**
 * A side of the lesson on chain: the student buys it, and whoever helps himself does what the
 * contract lets him do alone when the services do not.
 *
 * As described a teacher can finish a session, and that is all. Hardened each can bring what the
 * attestor has signed, the student can have an unfinished hold refunded, and each can have the hold
 * processed when it was the keeper's turn for long enough. Of the time they know what their own
 * clocks say.
 */
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { isReached } from '../world/ownClock.ts'
import type { Attested, Effect, Effects, HoldView, Input, Side, Step } from './actors.ts'
import { settleSeconds } from './attestor.ts'
import {
  atOnce,
  type Caller,
  failed,
  INITIAL_CALLER,
  type Plan,
  seek,
  type Wish,
} from './caller.ts'
import { claimIntent, finishIntent, plainIntent, recordIntent } from './intents.ts'
import { bookedEndSeconds, noShowAtSeconds, type WorldSetup } from './options.ts'
import { INITIAL_VISITOR, reduceVisitor, type VisitorConfig, type VisitorState } from './visitor.ts'

/** How often a side asks the attestor for what it needs to act alone. */
const ASK_EVERY_MS = 60_000

export interface PartyState {
  readonly view: HoldView | null
  /** The student wants the lesson. */
  readonly wants: boolean
  readonly attested: Attested
  readonly visitor: VisitorState
  readonly caller: Caller
  readonly askedMs: number
  /** Own nonce of the forged record that a cheating teacher presents. */
  readonly cheatNonce: number | null
}

export const INITIAL_PARTY: PartyState = {
  view: null,
  wants: false,
  attested: { endedAtSeconds: null, records: null },
  visitor: INITIAL_VISITOR,
  caller: INITIAL_CALLER,
  askedMs: -ASK_EVERY_MS,
  cheatNonce: null,
}

export interface PartyConfig extends WorldSetup {
  readonly side: Side
  readonly visitorConfig: VisitorConfig
}

export function partyConfig(setup: WorldSetup, side: Side): PartyConfig {
  const { studentVisits, teacherVisits, teacherCloses } = setup.behaviour
  const visits = (side === 'student' ? studentVisits : teacherVisits).length
  const closes = side === 'teacher' && teacherCloses
  return { ...setup, side, visitorConfig: { side, visits, closes } }
}

/** Whether this side helps itself. */
function helps({ side, behaviour, defects }: PartyConfig): boolean {
  if (defects.nobodyHelpsThemselves === true) return false
  return behaviour.helps === 'both' || behaviour.helps === side
}

/** From when on a side takes it that the services have failed to finish the session. */
function helpsFromSeconds(config: PartyConfig): number {
  return bookedEndSeconds(config) + Math.floor(config.parameters.noShowSeconds / 4)
}

/** A quarter of the window after the attestor was to bring its records. */
function bringsFromSeconds(config: PartyConfig, { finishedAtSeconds }: HoldView): number {
  const { attestationWindowSeconds } = config.parameters
  return finishedAtSeconds + settleSeconds(config) + Math.floor(attestationWindowSeconds / 4)
}

/** A student's own refund is due to whoever has paid; all other help is for who helps himself. */
function unfinishedPlan(config: PartyConfig, { attested, visitor }: PartyState): Plan {
  const { policy, side, defects } = config
  const { endedAtSeconds } = attested
  const helpsFrom = helpsFromSeconds(config)
  if (policy === 'as-described') {
    // Only who was there says that the lesson is over.
    const finishes = side === 'teacher' && visitor.said > 0 && helps(config)
    const wish = { intent: plainIntent('finishSession'), fromSeconds: helpsFrom }
    return { wishes: finishes ? [wish] : [] }
  }
  const wishes: Wish[] = []
  if (side === 'student' && defects.nobodyHelpsThemselves !== true) {
    const fromSeconds = noShowAtSeconds(config)
    wishes.push({ intent: plainIntent('refundUnfinished'), fromSeconds })
  }
  if (endedAtSeconds !== null && helps(config)) {
    const fromSeconds = Math.max(helpsFrom, endedAtSeconds)
    wishes.push({ intent: finishIntent(endedAtSeconds), fromSeconds })
  }
  return { wishes, wakes: [helpsFrom] }
}

function finishedPlan(config: PartyConfig, { attested }: PartyState, view: HoldView): Plan {
  if (config.policy === 'as-described' || !helps(config)) return { wishes: [] }
  const { attestationWindowSeconds, keeperWindowSeconds } = config.parameters
  const { finishedAtSeconds: finished, intervals, headSeconds } = view
  const closesAt = finished + attestationWindowSeconds
  const process = { intent: plainIntent('process'), fromSeconds: closesAt + keeperWindowSeconds }
  const fromSeconds = bringsFromSeconds(config, view)
  const record = attested.records?.[intervals]
  const brings = config.side === 'teacher' && record !== undefined && headSeconds < closesAt
  const wishes = brings ? [process, { intent: recordIntent(intervals, record), fromSeconds }] : []
  return { wishes: brings ? wishes : [process], wakes: [fromSeconds] }
}

/** What a cheating teacher presents, once: attendance that nobody attested. */
function cheat(config: PartyConfig, state: PartyState, view: HoldView): Wish | null {
  const { side, policy, startsAtSeconds, behaviour } = config
  const { cheats } = behaviour
  if (side !== 'teacher' || policy === 'as-described' || cheats === 'no') return null
  if (state.cheatNonce !== null && state.cheatNonce !== view.nonce) return null
  const joinedAtSeconds = startsAtSeconds
  const record = { joinedAtSeconds, leftAtSeconds: bookedEndSeconds(config) }
  const intent = { ...recordIntent(view.intervals, record, cheats), key: 'cheat' }
  return { intent, fromSeconds: record.leftAtSeconds }
}

function planOf(config: PartyConfig, state: PartyState, view: HoldView, now: Moment): Plan {
  const { side, startsAtSeconds } = config
  switch (view.state) {
    case 'None': {
      const isPast = view.headSeconds > startsAtSeconds || isReached(startsAtSeconds + 1, now)
      const buys = side === 'student' && state.wants && !isPast
      return { wishes: buys ? [atOnce(plainIntent('purchase'))] : [] }
    }
    case 'Held': {
      const cheating = cheat(config, state, view)
      const isFinished = view.finishedAtSeconds > 0
      const plan = isFinished ? finishedPlan(config, state, view) : unfinishedPlan(config, state)
      return cheating === null ? plan : { ...plan, wishes: [cheating, ...plan.wishes] }
    }
    default: {
      const claims = view.claimUnits[side] > 0n
      return { wishes: claims ? [atOnce(claimIntent('elsewhere'))] : [] }
    }
  }
}

/** Whether there is something that it needs of the attestor by now, and does not have. */
function lacks(config: PartyConfig, { view, attested }: PartyState, now: Moment): boolean {
  if (config.policy === 'as-described' || view?.state !== 'Held' || !helps(config)) return false
  if (view.finishedAtSeconds === 0) {
    return attested.endedAtSeconds === null && isReached(helpsFromSeconds(config), now)
  }
  return attested.records === null && isReached(bringsFromSeconds(config, view), now)
}

function asked(config: PartyConfig, state: PartyState, now: Moment): Step<PartyState> {
  const { monotonicMs } = now
  if (!lacks(config, state, now) || monotonicMs < state.askedMs + ASK_EVERY_MS) {
    return [state, NO_EFFECTS]
  }
  const ask: Effect = { kind: 'send', to: 'attestor', message: { kind: 'ask', from: config.side } }
  const again: Effect = { kind: 'timer', name: 'ask', afterMs: ASK_EVERY_MS }
  return [{ ...state, askedMs: monotonicMs }, [ask, again]]
}

function pursued(config: PartyConfig, before: PartyState, now: Moment, effects: Effects) {
  const { view } = before
  if (view === null) return [before, effects] as const
  const [state, asks] = asked(config, before, now)
  const plan = planOf(config, state, view, now)
  const { resendAfterMs } = config.profile
  const [caller, calls] = seek(state.caller, view, plan, now, resendAfterMs)
  const cheats = calls.some((each) => each.kind === 'submit' && each.intent.key === 'cheat')
  const cheatNonce = cheats ? (state.cheatNonce ?? view.nonce) : state.cheatNonce
  return [{ ...state, caller, cheatNonce }, [...effects, ...asks, ...calls]] as const
}

/** The newest that the attestor has signed; copies and overtaken words say less. */
function newest(before: Attested, told: Attested): Attested {
  const count = ({ records }: Attested) => records?.length ?? -1
  return {
    endedAtSeconds: told.endedAtSeconds ?? before.endedAtSeconds,
    records: count(told) > count(before) ? told.records : before.records,
  }
}

/** One step of a side. */
export function reduceParty(
  config: PartyConfig,
  before: PartyState,
  input: Input,
  now: Moment,
): Step<PartyState> {
  if (input.kind === 'send-failed') {
    const [caller, effects] = failed(before.caller, now)
    return [{ ...before, caller }, effects]
  }
  if (input.kind === 'view')
    return pursued(config, { ...before, view: input.view }, now, NO_EFFECTS)
  const isHeld = before.view !== null && before.view.state !== 'None'
  const [visitor, effects] = reduceVisitor(config.visitorConfig, before.visitor, input, isHeld)
  const state = { ...before, visitor }
  if (input.kind === 'message') {
    if (input.message.kind !== 'attested') return [state, effects]
    const attested = newest(before.attested, input.message.attested)
    return pursued(config, { ...state, attested }, now, effects)
  }
  switch (input.name) {
    case 'begin':
      return pursued(config, { ...state, wants: true }, now, effects)
    case 'wake':
    case 'wallet':
    case 'ask':
      return pursued(config, state, now, effects)
    default:
      return [state, effects]
  }
}
