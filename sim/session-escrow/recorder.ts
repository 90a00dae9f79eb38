/**
 * Writes down what happens in a world and turns it into a `WorldRun` at the end.
 *
 * It watches; nothing that a participant or the chain does depends on it. Messages are kept only
 * when asked for, but always enter the fingerprint.
 */
import type { FaultLookup } from '../faults/faultLookup.ts'
import { createDigest } from '../kernel/digest.ts'
import {
  ACTORS,
  type Actor,
  isOver,
  type Message,
  type Ping,
  type SessionView,
  type Side,
  type StopReason,
} from './actors.ts'
import type { ChainSide } from './chainSide.ts'
import { type ExposureSample, exposureOf } from './exposure.ts'
import type { GroundTruth } from './groundTruth.ts'
import { leakageOf, NO_LEAKAGE, totalMs } from './leakage.ts'
import { WORLD_EPOCH_SECONDS, type WorldSetup } from './options.ts'
import type {
  LossReason,
  MessageRecord,
  Milestones,
  PingRecord,
  TransactionRecord,
  WorldRun,
  WorldStep,
} from './worldRun.ts'

interface Ending {
  readonly transactions: readonly TransactionRecord[]
  readonly blockCount: number
  readonly eventCount: number
  readonly nowMs: number
}

export interface Recorder {
  readonly isOver: boolean
  /** The session as `actor` reads it now; notes when the tutor learns of the stop. */
  viewFor(actor: Actor, headSeconds: number, atMs: number): SessionView
  signed(ping: Ping, atMs: number): void
  mark(
    actor: Actor,
    stage: 'detected' | 'commanded' | 'ended',
    reason: StopReason,
    atMs: number,
  ): void
  /** A message arrived at `arrivedMs`, or was lost. */
  message(
    from: Actor,
    to: Actor,
    message: Message,
    sentMs: number,
    lost: LossReason | null,
    arrivedMs: number | null,
  ): void
  finish(ending: Ending): WorldRun
}

interface RecorderOptions {
  readonly setup: WorldSetup
  readonly faults: FaultLookup
  readonly side: ChainSide
  readonly truth: GroundTruth
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] }

const ACTOR_INDEX = Object.fromEntries(ACTORS.map((actor, index) => [actor, index])) as Readonly<
  Record<Actor, number>
>

/** JSON with bigint, for fingerprints and files: `{"#bigint":"…"}`. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    typeof item === 'bigint' ? { '#bigint': item.toString() } : item,
  )
}

class WorldRecorder implements Recorder {
  readonly #options: RecorderOptions
  readonly #digest = createDigest()
  readonly #messages: MessageRecord[] = []
  #messageCount = 0
  readonly #pings: Record<Side, PingRecord[]> = { student: [], tutor: [] }
  readonly #heardMs: Record<Side, number[]> = { student: [], tutor: [] }
  readonly #heardSequence: Record<Side, number> = { student: 0, tutor: 0 }
  #pingTransitMsMax = 0
  readonly #endedMs: Record<Side, number | null> = { student: null, tutor: null }
  #detected: { atMs: number; by: Actor; reason: StopReason } | null = null
  #commandedMs: number | null = null
  #tutorSawStopMs: number | null = null
  readonly #sawStartMs: Record<Side, number | null> = { student: null, tutor: null }
  #firstEnd: { readonly atMs: number; readonly reason: StopReason } | null = null

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  get isOver(): boolean {
    const { side } = this.#options
    if (side.state !== 'Closed' && side.state !== 'Cancelled') return false
    return isOver(side.view('platform', 0))
  }

  viewFor(actor: Actor, headSeconds: number, atMs: number): SessionView {
    const view = this.#options.side.view(actor, headSeconds)
    const isSide = actor === 'student' || actor === 'tutor'
    if (isSide && view.state === 'Active') this.#sawStartMs[actor] ??= atMs
    if (actor === 'tutor') {
      const hasStopped = view.stoppedAtSeconds > 0
      if (!hasStopped) this.#tutorSawStopMs = null
      else this.#tutorSawStopMs ??= atMs
    }
    return view
  }

  signed({ side, sequence, atSeconds }: Ping, atMs: number): void {
    this.#pings[side].push({ signedMs: atMs, sequence, atSeconds })
    this.#digest.addNumber(atMs)
    this.#digest.addNumber(atSeconds)
    this.#digest.addText(side)
  }

  mark(actor: Actor, stage: string, reason: StopReason, atMs: number): void {
    if (stage === 'ended') {
      this.#endedMs[actor as Side] ??= atMs
      this.#firstEnd ??= { atMs, reason }
    }
    if (stage === 'commanded') this.#commandedMs ??= atMs
    if (stage === 'detected') this.#detected ??= { atMs, by: actor, reason }
  }

  message(
    from: Actor,
    to: Actor,
    message: Message,
    sentMs: number,
    lost: LossReason | null,
    arrived: number | null,
  ): void {
    this.#messageCount += 1
    const ping = message.kind === 'ping' ? message.ping : null
    const digest = this.#digest
    digest.addNumber(sentMs)
    digest.addNumber(arrived ?? -1)
    digest.addNumber(ping?.sequence ?? -1)
    digest.addNumber(ACTOR_INDEX[from] * 64 + ACTOR_INDEX[to] * 8)
    digest.addText(lost ?? message.kind)
    if (arrived !== null && ping !== null) this.#pingArrived(to, ping, sentMs, arrived)
    if (this.#options.setup.detail !== 'full') return
    const side = message.kind === 'command' ? null : message.kind === 'bye' ? message.side : null
    const pingKind = ping?.kind ?? null
    const sequence = ping?.sequence ?? null
    this.#messages.push({
      ...{ from, to, kind: message.kind, side: ping?.side ?? side, sequence, pingKind },
      ...{ sentMs, arrivedMs: arrived, lost },
    })
  }

  #pingArrived(to: Actor, ping: Ping, sentMs: number, arrivedMs: number): void {
    const { side, sequence, kind } = ping
    if (to === 'student' || to === 'tutor') {
      this.#pingTransitMsMax = Math.max(this.#pingTransitMsMax, arrivedMs - sentMs)
    }
    if (to !== 'service' || kind !== 'genuine' || sequence <= this.#heardSequence[side]) return
    this.#heardSequence[side] = sequence
    this.#heardMs[side].push(arrivedMs)
  }

  finish({ transactions, blockCount, eventCount, nowMs }: Ending): WorldRun {
    const { setup, side, truth, faults } = this.#options
    const { policy, parameters, regime, seed, run, behaviour, agreement, profile } = setup
    const steps = side.steps
    const served = truth.spans(nowMs)
    const milestones = this.#milestones(steps, transactions, served)
    const endState = side.endState()
    const { startedMs } = milestones
    // The bill runs on the contract's clock: from its start second, whatever block that stood in.
    const billFromMs = (endState.startedAtSeconds - WORLD_EPOCH_SECONDS) * 1000
    const leakage =
      startedMs === null
        ? NO_LEAKAGE
        : leakageOf({
            startedMs: billFromMs,
            billedSeconds: endState.billedSeconds,
            served,
            detectedMs: milestones.detectedMs ?? milestones.endedMs.student ?? null,
            submittedMs: milestones.stopSubmittedMs,
            includedMs: milestones.stopIncludedMs,
          })
    const clocks: Mutable<WorldRun['clocks']> = {}
    for (const actor of ['student', 'tutor', 'service', 'relayer'] as const) {
      clocks[actor] = faults.clockOf(actor)
    }
    const exposure = this.#exposure(milestones, served, billFromMs)
    const parts = {
      ...{ protocol: 'session-escrow' as const, policy, parameters, regime, seed, run },
      ...{ profile, chainKind: 'model' as const, epochSeconds: WORLD_EPOCH_SECONDS },
      ...{ faults: setup.faults, behaviour, agreements: [agreement], clocks, steps, transactions },
      ...{ served, deliveredMs: totalMs(served), pingTransitMsMax: this.#pingTransitMsMax },
      ...{ milestones },
      ...{ leakage, exposure, messageCount: this.#messageCount, blockCount, eventCount, endState },
    }
    // Pings and messages are in the digest already, number by number.
    this.#digest.addText(canonicalJson(parts))
    const [pings, heardMs, messages] = [this.#pings, this.#heardMs, this.#messages]
    return { ...parts, pings, heardMs, messages, hash: this.#digest.hex() }
  }

  #milestones(
    steps: readonly WorldStep[],
    transactions: readonly TransactionRecord[],
    served: WorldRun['served'],
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
      overMs: this.isOver ? (last?.includedMs ?? null) : null,
      healedMs: this.#options.faults.healedMs,
    }
  }

  /** Whatever came first: a client ended the call, or the service gave it up. */
  #stopReason(): StopReason | null {
    const [ended, detected] = [this.#firstEnd, this.#detected]
    if (ended === null) return detected?.reason ?? null
    return detected !== null && detected.atMs < ended.atMs ? detected.reason : ended.reason
  }

  #exposure(
    { startedMs, stopIncludedMs }: Milestones,
    served: WorldRun['served'],
    billFromMs: number,
  ): readonly ExposureSample[] {
    const { setup, side } = this.#options
    const endState = side.endState()
    const rateUnits = setup.agreement.terms.ratePerSecondUnits as bigint
    let units = 0n
    const locked: { atMs: number; units: bigint }[] = []
    for (const { transfers, includedMs } of side.steps) {
      if (transfers.length === 0) continue
      for (const { from, to, amountUnits } of transfers) {
        if (to === 'escrow') units += amountUnits
        if (from === 'escrow') units -= amountUnits
      }
      locked.push({ atMs: includedMs, units })
    }
    return exposureOf({
      policy: setup.policy,
      epochSeconds: WORLD_EPOCH_SECONDS,
      rateUnits,
      silenceSeconds: setup.parameters.silenceTimeoutSeconds,
      ...{ served, locked, startedMs: startedMs === null ? null : billFromMs },
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
