/**
 * All participants of a journey: each input goes to those parts of a participant that it concerns,
 * to the client of the call, the page of a withdrawal, or the app that matches.
 *
 * The participants of the call and of the withdrawal are those of their own worlds. The call begins
 * for them when the deposit is there. The tutor asks for its earnings when they are on its account
 * for good; only then is it known how much that is, and those of the withdrawal begin.
 */
import { bpsShareFloor } from '../../models/kit/money.ts'
import type {
  Actor as CallActor,
  Input as CallInput,
  Message as CallMessage,
} from '../session-escrow/actors.ts'
import { createRoster as createCallRoster } from '../session-escrow/roster.ts'
import type {
  Actor as PayoutActor,
  Input as PayoutInput,
  Message as PayoutMessage,
} from '../withdrawal/actors.ts'
import { createRoster as createPayoutRoster } from '../withdrawal/roster.ts'
import type { Moment } from '../world/actors.ts'
import { FINAL_BLOCKS } from '../world/worldChain.ts'
import type { Actor, Effect, Effects, Input, JourneyView, Message } from './actors.ts'
import { type App, type AppState, INITIAL_APP, reduceApp } from './matching.ts'
import { callSetup, type JourneySetup, payoutSetup } from './options.ts'
import { FIRST_WITHDRAWAL, SESSION } from './parts.ts'

const APPS: readonly string[] = ['student', 'tutor', 'matchmaker', 'platform']
const OF_CALL: readonly string[] = ['student', 'tutor', 'service', 'relayer']
const OF_PAYOUT: readonly string[] = ['teacher', 'admin0', 'admin1', 'bank', 'rail']
const CALL_MESSAGES: readonly string[] = ['ping', 'bye', 'command']

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
  /** What the tutor asks for, in base units; 0 as long as it has not. */
  readonly askedUnits: bigint
}

/** The kind of participants that a message is for. */
function isOfCall({ kind }: Message): boolean {
  return CALL_MESSAGES.includes(kind)
}

/** Calls of a part's participants are of the journey's agreements. */
function shifted(effects: readonly Effect[], by: number): Effects {
  return effects.map((effect) => {
    if (effect.kind !== 'submit') return effect
    const { intent } = effect
    return { ...effect, intent: { ...intent, agreement: (intent.agreement ?? 0) + by } }
  })
}

/** What everybody learns of the chain, beside what it reads of a contract. */
function headOf({ headSeconds, headNumber, newsNumber, nonce }: JourneyView) {
  return { headSeconds, headNumber, newsNumber, nonce }
}

class Participants implements Roster {
  askedUnits = 0n
  readonly #setup: JourneySetup
  readonly #apps = new Map<string, AppState>(APPS.map((app) => [app, INITIAL_APP]))
  readonly #call: ReturnType<typeof createCallRoster>
  #payout: ReturnType<typeof createPayoutRoster> | null = null
  /** Block with news in which the earnings were first seen. */
  #earnedIn: number | null = null
  #hasBegun = false

  constructor(setup: JourneySetup) {
    this.#setup = setup
    this.#call = createCallRoster(callSetup(setup))
  }

  give(actor: Actor, input: Input, now: Moment): Effects {
    return [
      ...(APPS.includes(actor) ? this.#giveApp(actor as App, input, now) : []),
      ...(OF_CALL.includes(actor)
        ? shifted(this.#giveCall(actor as CallActor, input, now), SESSION)
        : []),
      ...(OF_PAYOUT.includes(actor) ? this.#givePayout(actor, input, now) : []),
    ]
  }

  #giveApp(app: App, input: Input, now: Moment): Effects {
    if (input.kind === 'message' && input.message.kind !== 'quote') return []
    const state = this.#apps.get(app) as AppState
    const [next, effects] = reduceApp(app, this.#setup, state, input, now)
    this.#apps.set(app, next)
    return effects
  }

  #giveCall(actor: CallActor, input: Input, now: Moment): Effects {
    if (input.kind === 'message') {
      if (!isOfCall(input.message)) return []
      const message = input.message as CallMessage
      return this.#call.give(actor, { kind: 'message', message }, now)
    }
    if (input.kind !== 'view') return this.#call.give(actor, input as CallInput, now)
    const { session } = input.view
    // To the clients of the call a session without a deposit is one that they should deposit for.
    if (session.state === 'Idle') return []
    const view = { ...session, ...headOf(input.view) }
    return this.#call.give(actor, { kind: 'view', view }, now)
  }

  #givePayout(actor: Actor, input: Input, now: Moment): Effects {
    const waiting = actor === 'teacher' && input.kind === 'view' ? this.#await(input.view) : []
    const payout = this.#payout
    if (payout === null) return waiting
    const name = (actor === 'teacher' ? 'teacher0' : actor) as PayoutActor
    const given = (own: PayoutInput) => shifted(payout.give(name, own, now), FIRST_WITHDRAWAL)
    if (input.kind === 'message') {
      if (isOfCall(input.message) || input.message.kind === 'quote') return waiting
      return given({ kind: 'message', message: input.message as PayoutMessage })
    }
    if (input.kind !== 'view') return given(input as PayoutInput)
    const view = { ...input.view.withdrawal, ...headOf(input.view) }
    return [...waiting, ...given({ kind: 'view', view })]
  }

  /** The tutor's page waits until nothing can undo what was earned, and then begins. */
  #await({ withdrawal, headNumber, newsNumber }: JourneyView): Effects {
    const [earnedUnits = 0n] = withdrawal.availableUnits
    const { behaviour, profile } = this.#setup
    if (this.#hasBegun) return []
    if (earnedUnits === 0n) {
      this.#earnedIn = null
      return []
    }
    this.#earnedIn ??= newsNumber
    const isFinal = headNumber >= this.#earnedIn + FINAL_BLOCKS - 1
    if (!isFinal) return [{ kind: 'look', afterMs: profile.blockIntervalMs }]
    this.#hasBegun = true
    this.askedUnits = bpsShareFloor(earnedUnits, BigInt(behaviour.askBps))
    this.#payout = createPayoutRoster(payoutSetup(this.#setup, this.askedUnits))
    const begin: Effect = { kind: 'timer', name: 'begin', afterMs: behaviour.askDelayMs }
    return [begin]
  }
}

/** Participants at the beginning of a run. */
export function createRoster(setup: JourneySetup): Roster {
  return new Participants(setup)
}
