/**
 * Writes down what happens in a session and turns it into a `WorldRun` at the end.
 *
 * It watches; nothing that a participant or the chain does depends on it.
 */
import type { Digest } from '../kernel/digest.ts'
import type { Span } from '../links.ts'
import type { CallTruth } from '../world/callTruth.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import type { ExposureSample } from '../world/exposure.ts'
import { leakageOf, NO_LEAKAGE } from '../world/leakage.ts'
import { lockedCourse } from '../world/money.ts'
import type { TransactionRecord, WorldStep } from '../world/records.ts'
import type { Ending } from '../world/script.ts'
import { runHead, WORLD_EPOCH_SECONDS } from '../world/setup.ts'
import { totalMs } from '../world/spans.ts'
import {
  isOver,
  type Mark,
  type Message,
  type Ping,
  type SessionReading,
  type SessionView,
  type Side,
  type StopReason,
} from './actors.ts'
import { exposureOf } from './exposure.ts'
import type { WorldSetup } from './options.ts'
import { endStateOf } from './sessionReading.ts'
import type { EndState, Milestones, PingRecord, ShownMessage, WorldRun } from './worldRun.ts'

export interface Recorder {
  /** A participant reads the chain: notes when the tutor learns of the stop. */
  looked(actor: string, view: SessionView, atMs: number): void
  mark(actor: string, mark: Mark, atMs: number): void
  arrived(to: string, message: Message, sentMs: number, atMs: number): void
  finish(ending: Ending<SessionReading, ShownMessage>): WorldRun
}

interface RecorderOptions {
  readonly setup: WorldSetup
  readonly healedMs: number
  readonly call: CallTruth
  readonly digest: Digest
}

/** What the bill is reckoned from. */
interface Billed {
  readonly milestones: Milestones
  readonly served: readonly Span[]
  readonly billFromMs: number
  readonly endState: EndState
}

function isSide(actor: string): actor is Side {
  return actor === 'student' || actor === 'tutor'
}

/** What a message record says besides its kind and times. */
export function showMessage(message: Message): ShownMessage {
  switch (message.kind) {
    case 'ping': {
      const { side, sequence, kind } = message.ping
      return { side, sequence, pingKind: kind }
    }
    case 'bye':
      return { side: message.side, sequence: null, pingKind: null }
    case 'command':
      return { side: null, sequence: null, pingKind: null }
  }
}

class WorldRecorder implements Recorder {
  readonly #options: RecorderOptions
  readonly #pings: Record<Side, PingRecord[]> = { student: [], tutor: [] }
  readonly #heardMs: Record<Side, number[]> = { student: [], tutor: [] }
  readonly #heardSequence: Record<Side, number> = { student: 0, tutor: 0 }
  #pingTransitMsMax = 0
  readonly #endedMs: Record<Side, number | null> = { student: null, tutor: null }
  #detected: { atMs: number; by: string; reason: StopReason } | null = null
  #commandedMs: number | null = null
  #tutorSawStopMs: number | null = null
  readonly #sawStartMs: Record<Side, number | null> = { student: null, tutor: null }
  #firstEnd: { readonly atMs: number; readonly reason: StopReason } | null = null

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  looked(actor: string, view: SessionView, atMs: number): void {
    if (isSide(actor) && view.state === 'Active') this.#sawStartMs[actor] ??= atMs
    if (actor === 'tutor') {
      const hasStopped = view.stoppedAtSeconds > 0
      if (!hasStopped) this.#tutorSawStopMs = null
      else this.#tutorSawStopMs ??= atMs
    }
  }

  mark(actor: string, mark: Mark, atMs: number): void {
    if (mark.kind === 'signed') {
      this.#signed(mark.ping, atMs)
      return
    }
    const { stage, reason } = mark
    if (stage === 'ended' && isSide(actor)) {
      this.#endedMs[actor] ??= atMs
      this.#firstEnd ??= { atMs, reason }
    }
    if (stage === 'commanded') this.#commandedMs ??= atMs
    if (stage === 'detected') this.#detected ??= { atMs, by: actor, reason }
  }

  #signed({ side, sequence, atSeconds }: Ping, atMs: number): void {
    const { digest } = this.#options
    this.#pings[side].push({ signedMs: atMs, sequence, atSeconds })
    digest.addNumber(atMs)
    digest.addNumber(atSeconds)
    digest.addText(side)
  }

  arrived(to: string, message: Message, sentMs: number, atMs: number): void {
    if (message.kind !== 'ping') return
    const { side, sequence, kind } = message.ping
    if (isSide(to)) this.#pingTransitMsMax = Math.max(this.#pingTransitMsMax, atMs - sentMs)
    if (to !== 'service' || kind !== 'genuine' || sequence <= this.#heardSequence[side]) return
    this.#heardSequence[side] = sequence
    this.#heardMs[side].push(atMs)
  }

  finish(ending: Ending<SessionReading, ShownMessage>): WorldRun {
    const { setup, call, digest } = this.#options
    const { side, nowMs, course, counts, messages } = ending
    const { steps, transactions } = course
    const served = call.spans(nowMs)
    const milestones = this.#milestones(steps, transactions, served, isOver(side.reading))
    const endState = endStateOf(side, setup)
    // The bill runs on the contract's clock: from its start second, whatever block that stood in.
    const billFromMs = (endState.startedAtSeconds - WORLD_EPOCH_SECONDS) * 1000
    const leakage =
      milestones.startedMs === null
        ? NO_LEAKAGE
        : leakageOf({
            startedMs: billFromMs,
            billedSeconds: endState.billedSeconds,
            served,
            detectedMs: milestones.detectedMs ?? milestones.endedMs.student ?? null,
            submittedMs: milestones.stopSubmittedMs,
            includedMs: milestones.stopIncludedMs,
          })
    const billed = { milestones, served, billFromMs, endState }
    const parts = {
      ...{ protocol: 'session-escrow' as const, ...runHead(setup) },
      ...{ behaviour: setup.behaviour, agreements: [setup.agreement], ...course },
      ...{ served, deliveredMs: totalMs(served), pingTransitMsMax: this.#pingTransitMsMax },
      ...{ milestones, leakage, exposure: this.#exposure(steps, billed), ...counts, endState },
    }
    // Pings and messages are in the digest already, number by number.
    digest.addText(canonicalJson(parts))
    const [pings, heardMs] = [this.#pings, this.#heardMs]
    return { ...parts, pings, heardMs, messages, hash: digest.hex() }
  }

  #milestones(
    steps: readonly WorldStep[],
    transactions: readonly TransactionRecord[],
    served: readonly Span[],
    hasEnded: boolean,
  ): Milestones {
    const first = (wanted: (step: WorldStep) => boolean) => steps.find(wanted)
    const becomes = (state: string) => (step: WorldStep) =>
      step.outcome.accepted && step.edge.endsWith(`|${state}`) && !step.edge.startsWith(state)
    const stop = first(becomes('Stopping'))
    const settled = first(({ planned, outcome }) => planned.action === 'settle' && outcome.accepted)
    const student = this.#options.setup.agreement.roles.student
    const refund = steps.findLast(({ transfers, planned }) =>
      transfers.some(
        ({ from, to }) =>
          from === 'escrow' && (to === student || (to === 'elsewhere' && planned.by === student)),
      ),
    )
    const stopRecord = transactions.find(
      (record) =>
        record.block === stop?.block && record.action === 'stop' && record.accepted === true,
    )
    const last = steps.findLast((step) => step.outcome.accepted)
    return {
      startedMs: first(becomes('Active'))?.includedMs ?? null,
      servedFromMs: served[0]?.fromMs ?? null,
      servedUntilMs: served[served.length - 1]?.untilMs ?? null,
      endedMs: this.#endedMs,
      sawStartMs: this.#sawStartMs,
      detectedMs: this.#detected?.atMs ?? null,
      detectedBy: this.#detected?.by ?? null,
      commandedMs: this.#commandedMs,
      stopReason: this.#stopReason(),
      stopSubmittedMs: stopRecord?.submittedMs ?? null,
      stopIncludedMs: stop?.includedMs ?? null,
      stopConfirmedMs: stopRecord?.confirmedMs ?? null,
      tutorSawStopMs: this.#tutorSawStopMs,
      settledMs: settled?.includedMs ?? null,
      refundedMs: refund?.includedMs ?? null,
      overMs: hasEnded ? (last?.includedMs ?? null) : null,
      healedMs: this.#options.healedMs,
    }
  }

  /** Whatever came first: a client ended the call, or the service gave it up. */
  #stopReason(): StopReason | null {
    const [ended, detected] = [this.#firstEnd, this.#detected]
    if (ended === null) return detected?.reason ?? null
    return detected !== null && detected.atMs < ended.atMs ? detected.reason : ended.reason
  }

  #exposure(steps: readonly WorldStep[], billed: Billed): readonly ExposureSample[] {
    const { milestones, served, billFromMs, endState } = billed
    const { startedMs, stopIncludedMs } = milestones
    const { setup } = this.#options
    const rateUnits = setup.agreement.terms.ratePerSecondUnits as bigint
    return exposureOf({
      policy: setup.policy,
      epochSeconds: WORLD_EPOCH_SECONDS,
      rateUnits,
      silenceSeconds: setup.parameters.silenceTimeoutSeconds,
      served,
      locked: lockedCourse(steps),
      startedMs: startedMs === null ? null : billFromMs,
      stoppedMs: stopIncludedMs,
      billedSeconds: endState.billedSeconds,
      pings: this.#pings,
      affordableSeconds: Number(endState.depositUnits / rateUnits),
    })
  }
}

/** An empty record. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new WorldRecorder(options)
}
