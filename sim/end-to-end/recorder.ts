/**
 * Writes down what happens in a journey and turns it into a `JourneyRun` at the end.
 *
 * It watches; nothing that a participant or the chain does depends on it. The recorders of
 * session-escrow and withdrawal write their parts: at the end the steps are predicted once more,
 * part by part, and each is told what was its own.
 */
import type { Population } from '../../models/kit/population.ts'
import { createDigest, type Digest } from '../kernel/digest.ts'
import type { Mark as CallMark, SessionReading } from '../session-escrow/actors.ts'
import {
  type Recorder as CallRecorder,
  createRecorder as createCallRecorder,
} from '../session-escrow/recorder.ts'
import { readSession } from '../session-escrow/sessionReading.ts'
import type { WorldRun as CallRun } from '../session-escrow/worldRun.ts'
import type { Mark as PayoutMark, WithdrawalReading } from '../withdrawal/actors.ts'
import {
  createRecorder as createPayoutRecorder,
  type Recorder as PayoutRecorder,
} from '../withdrawal/recorder.ts'
import { readWithdrawals } from '../withdrawal/withdrawalReading.ts'
import type { WorldRun as PayoutRun } from '../withdrawal/worldRun.ts'
import type { CallTruth } from '../world/callTruth.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import type { ChainSide } from '../world/chainSide.ts'
import type { WorldStep } from '../world/records.ts'
import type { Ending } from '../world/script.ts'
import { runHead } from '../world/setup.ts'
import type { JourneyReading, JourneyView, Mark, Message } from './actors.ts'
import type { JourneyRun, Milestones, ShownMessage, Stage } from './journeyRun.ts'
import { callSetup, type JourneySetup, payoutSetup } from './options.ts'
import type { Part } from './parts.ts'
import { agreementsOf, type JourneyCast, predictJourney, startJourney } from './predict.ts'

const CALL_MARKS: readonly string[] = ['signed', 'stage']

/** What a message record says besides its kind and times. */
export function showMessage(message: Message): ShownMessage {
  switch (message.kind) {
    case 'ping':
      return { side: message.ping.side, sequence: message.ping.sequence }
    case 'bye':
      return { side: message.side, sequence: null }
    default:
      return { side: null, sequence: null }
  }
}

interface RecorderOptions {
  readonly setup: JourneySetup
  readonly healedMs: number
  readonly call: CallTruth
  readonly digest: Digest
  /** What the tutor asks for, once that is known. */
  askedUnits(): bigint
}

/** The steps of a part in its own names, and how it stood at the end. */
interface PartCourse {
  readonly steps: readonly WorldStep[]
  readonly population: Population
}

/** All steps once more, part by part. */
export function partCourses(
  cast: JourneyCast,
  steps: readonly WorldStep[],
): Readonly<Record<Part, PartCourse>> {
  const all: Record<Part, WorldStep[]> = { matchmaking: [], 'session-escrow': [], withdrawal: [] }
  let population = startJourney(cast)
  for (const { planned, block, includedMs } of steps) {
    const prediction = predictJourney(cast, population, planned)
    population = prediction.population
    for (const step of prediction.parts) {
      const { edge, account } = step.prediction
      const { outcome, transfers } = account
      all[step.part].push({ planned: step.planned, block, edge, outcome, transfers, includedMs })
    }
  }
  const course = (part: Part) => ({ steps: all[part], population: population.parts[part] })
  return {
    matchmaking: course('matchmaking'),
    'session-escrow': course('session-escrow'),
    withdrawal: course('withdrawal'),
  }
}

/** A part's side of the chain as its recorder asks for it when the run is over. */
function sideOf<Reading>({ steps, population }: PartCourse, reading: Reading): ChainSide<Reading> {
  const unasked = (): never => {
    throw new Error('a recorder only reads')
  }
  return {
    ...{ reading, world: population.view, steps, lastNumber: steps.at(-1)?.block ?? 0 },
    ...{ contentOf: unasked, apply: unasked, rollback: unasked, view: unasked },
  }
}

function firstMs(steps: readonly WorldStep[], action: string): number | null {
  const found = steps.find(({ planned, outcome }) => planned.action === action && outcome.accepted)
  return found?.includedMs ?? null
}

function stageOf({ paidMs, askedMs, settledMs, startedMs, matchedMs }: Milestones): Stage {
  if (paidMs !== null) return 'paid'
  if (askedMs !== null) return 'asked'
  if (settledMs !== null) return 'settled'
  if (startedMs !== null) return 'called'
  return matchedMs === null ? 'unmatched' : 'matched'
}

export class Recorder {
  readonly #options: RecorderOptions
  readonly #call: CallRecorder
  /** Told at the end: only then is it known what was asked for. */
  readonly #ofPayout: ((recorder: PayoutRecorder) => void)[] = []

  constructor(options: RecorderOptions) {
    this.#options = options
    const { setup, call, healedMs } = options
    this.#call = createCallRecorder({
      ...{ setup: callSetup(setup), call, healedMs, digest: createDigest() },
    })
  }

  looked(actor: string, { match: _, session, withdrawal, ...head }: JourneyView, atMs: number) {
    if (session.state !== 'Idle') this.#call.looked(actor, { ...session, ...head }, atMs)
    this.#ofPayout.push((recorder) => recorder.looked({ ...withdrawal, ...head }))
  }

  arrived(to: string, message: Message, sentMs: number, atMs: number): void {
    if (message.kind === 'quote') return
    if (message.kind === 'ping' || message.kind === 'bye' || message.kind === 'command') {
      this.#call.arrived(to, message, sentMs, atMs)
    } else this.#ofPayout.push((recorder) => recorder.arrived(to, message, atMs))
  }

  mark(actor: string, mark: Mark, atMs: number): void {
    if (CALL_MARKS.includes(mark.kind)) this.#call.mark(actor, mark as CallMark, atMs)
    else this.#ofPayout.push((recorder) => recorder.mark(mark as PayoutMark, atMs))
  }

  finish(ending: Ending<JourneyReading, ShownMessage>, cast: JourneyCast): JourneyRun {
    const { setup, digest, healedMs } = this.#options
    const { course, counts, messages } = ending
    const parts = partCourses(cast, course.steps)
    const call = this.#callRun(ending, parts['session-escrow'])
    const payout = this.#payoutRun(ending, parts.withdrawal)
    const { milestones: ofCall, served } = call
    const at = (part: Part, action: string) => firstMs(parts[part].steps, action)
    const rated = parts.matchmaking.steps.filter(({ planned, outcome }) => {
      return planned.action === 'rate' && outcome.accepted
    })
    const milestones: Milestones = {
      requestedMs: at('matchmaking', 'request'),
      acceptedMs: at('matchmaking', 'accept'),
      matchedMs: at('matchmaking', 'consume'),
      ...{ startedMs: ofCall.startedMs, servedFromMs: ofCall.servedFromMs },
      ...{ servedUntilMs: ofCall.servedUntilMs, dropMs: setup.behaviour.drop.atMs },
      ...{ detectedMs: ofCall.detectedMs, settledMs: ofCall.settledMs },
      ratedMs: rated[1]?.includedMs ?? null,
      askedMs: at('withdrawal', 'request'),
      completedMs: at('withdrawal', 'complete'),
      paidMs: payout.payments[0]?.atMs ?? null,
      healedMs,
    }
    const whole = {
      ...{ protocol: 'end-to-end' as const, ...runHead(setup), behaviour: setup.behaviour },
      ...{ agreements: agreementsOf(cast), ...course, milestones, stage: stageOf(milestones) },
      ...{ served, askedUnits: this.#options.askedUnits(), ...counts },
    }
    digest.addText(canonicalJson({ ...whole, call: call.hash, payout: payout.hash }))
    return { ...whole, call, payout, messages, hash: digest.hex() }
  }

  #callRun(ending: Ending<JourneyReading, ShownMessage>, part: PartCourse): CallRun {
    const { setup } = this.#options
    const rateUnits = setup.session.terms.ratePerSecondUnits as bigint
    const reading: SessionReading = readSession(part.population.view, rateUnits)
    const course = { ...ending.course, steps: part.steps }
    return this.#call.finish({ ...ending, side: sideOf(part, reading), course, messages: [] })
  }

  #payoutRun(ending: Ending<JourneyReading, ShownMessage>, part: PartCourse): PayoutRun {
    const { setup, healedMs, askedUnits } = this.#options
    const own = payoutSetup(setup, askedUnits())
    const recorder = createPayoutRecorder({ setup: own, healedMs, digest: createDigest() })
    for (const { planned, includedMs } of part.steps) {
      if (planned.action !== 'credit') continue
      const grossUnits = planned.args.grossUnits as bigint
      recorder.mark({ kind: 'earned', teacher: 0, grossUnits }, includedMs)
    }
    for (const tell of this.#ofPayout) tell(recorder)
    const reading: WithdrawalReading = readWithdrawals(part.population.view, own)
    const course = { ...ending.course, steps: part.steps }
    return recorder.finish({ ...ending, side: sideOf(part, reading), course, messages: [] })
  }
}
