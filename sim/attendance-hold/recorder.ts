/**
 * Writes down what happens around a hold and turns it into a `WorldRun` at the end.
 *
 * It watches; nothing that a participant or the chain does depends on it. Who was in the room is
 * taken from clients and lines, what arrived from the network, not from what anybody says of it.
 */
import type { CallEvent } from '../../models/attendance-hold/attendanceReducer.ts'
import type { Digest } from '../kernel/digest.ts'
import type { Span } from '../links.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import { lockedCourse } from '../world/money.ts'
import type { WorldStep } from '../world/records.ts'
import type { Ending } from '../world/script.ts'
import { runHead } from '../world/setup.ts'
import { totalMs } from '../world/spans.ts'
import type { HoldReading, Mark, Message, Side } from './actors.ts'
import { exposureOf } from './exposure.ts'
import { endStateOf, isPaidOut } from './holdReading.ts'
import type { WorldSetup } from './options.ts'
import type { Presence } from './presence.ts'
import type {
  Milestones,
  NoticedEvent,
  Resolution,
  ShownMessage,
  SignedSince,
  WorldRun,
} from './worldRun.ts'

export interface Recorder {
  /** Whether the room was closed. */
  readonly isClosed: boolean
  arrived(to: string, message: Message, atMs: number): void
  mark(actor: string, mark: Mark, atMs: number): void
  finish(ending: Ending<HoldReading, ShownMessage>): WorldRun
}

interface RecorderOptions {
  readonly setup: WorldSetup
  readonly presence: Presence
  readonly healedMs: number
  readonly digest: Digest
}

/** What a message record says besides its kind and times. */
export function showMessage(message: Message, startsAtSeconds: number): ShownMessage {
  switch (message.kind) {
    case 'webhook':
      return { sequence: message.event.atSeconds - startsAtSeconds }
    case 'enter':
    case 'leave':
    case 'close':
    case 'answered':
      return { sequence: message.count }
    default:
      return { sequence: null }
  }
}

type Noticed = { -readonly [Key in keyof NoticedEvent]: NoticedEvent[Key] }

class WorldRecorder implements Recorder {
  readonly #options: RecorderOptions
  readonly #events = new Map<string, Noticed>()
  readonly #signed: SignedSince[] = []
  #forgedCount = 0
  #closedMs: number | null = null

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  get isClosed(): boolean {
    return this.#closedMs !== null
  }

  arrived(to: string, message: Message, atMs: number): void {
    if (to !== 'attestor' || message.kind !== 'webhook') return
    if (!message.event.isSigned) this.#forgedCount += 1
    const event = message.event.isSigned ? this.#events.get(message.event.id) : undefined
    if (event === undefined) return
    event.arrivedMs ??= atMs
    event.arrivals += 1
  }

  mark(actor: string, mark: Mark, atMs: number): void {
    const { presence } = this.#options
    switch (mark.kind) {
      case 'enters':
      case 'leaves':
        presence.set(actor as Side, mark.kind === 'enters', atMs)
        return
      case 'noticed':
        this.#notice(mark.event, mark.isLost, atMs)
        return
      case 'closed':
        this.#closedMs = atMs
        presence.close(atMs)
        return
      case 'signed':
        this.#signed.push({ ...mark.attested, atMs })
    }
  }

  #notice(event: CallEvent, isLost: boolean, noticedMs: number): void {
    this.#events.set(event.id, { ...event, noticedMs, isLost, arrivedMs: null, arrivals: 0 })
  }

  finish(ending: Ending<HoldReading, ShownMessage>): WorldRun {
    const { setup, digest, presence: truth } = this.#options
    const { side, course, counts, messages } = ending
    const { behaviour, agreement, priceUnits, startsAtSeconds, startMs, parameters } = setup
    const presence = truth.spans(ending.nowMs)
    const served = together(presence.student, presence.teacher)
    const [events, signed] = [[...this.#events.values()], this.#signed]
    const milestones = this.#milestones(course.steps, presence, isPaidOut(side.reading))
    const parts = {
      ...{ protocol: 'attendance-hold' as const, ...runHead(setup), behaviour },
      ...{ agreements: [agreement], priceUnits, startsAtSeconds, startMs, ...course },
      ...{ presence, served, deliveredMs: totalMs(served), events, signed },
      ...{ forgedCount: this.#forgedCount, milestones, ...counts },
      endState: endStateOf(side, setup),
    }
    digest.addText(canonicalJson(parts))
    const exposure = exposureOf({
      ...{ policy: setup.policy, priceUnits, startsAtSeconds, served, signed, milestones },
      bookedMs: parameters.sessionSeconds * 1000,
      thresholdBps: parameters.attendanceThresholdBps,
      locked: lockedCourse(course.steps),
    })
    return { ...parts, exposure, messages, hash: digest.hex() }
  }

  #milestones(
    steps: readonly WorldStep[],
    presence: WorldRun['presence'],
    isOver: boolean,
  ): Milestones {
    const accepted = (action: string) =>
      steps.filter(({ planned, outcome }) => outcome.accepted && planned.action === action)
    const resolved = steps.find(({ edge }) => /^Held\|.*\|(Released|Refunded)$/.test(edge))
    const finish = [...this.#events.values()].find(({ kind }) => kind === 'room_finished')
    const pays = ({ transfers }: WorldStep) => transfers.some(({ from }) => from === 'escrow')
    return {
      purchasedMs: accepted('purchase')[0]?.includedMs ?? null,
      cameMs: presence.student[0]?.fromMs ?? null,
      closedMs: this.#closedMs,
      finishToldMs: finish?.arrivedMs ?? null,
      finishedMs: accepted('finishSession')[0]?.includedMs ?? null,
      recordedMs: accepted('recordAttendance').at(-1)?.includedMs ?? null,
      resolvedMs: resolved?.includedMs ?? null,
      resolution: resolved === undefined ? null : resolutionOf(resolved),
      overMs: isOver ? (steps.findLast(pays)?.includedMs ?? null) : null,
      healedMs: this.#options.healedMs,
    }
  }
}

function resolutionOf({ planned, edge }: WorldStep): Resolution {
  if (planned.action === 'refundUnfinished') return 'unfinished'
  return edge.endsWith('Released') ? 'release' : 'refund'
}

/** Spans that two ascending lists have in common. */
export function together(ones: readonly Span[], others: readonly Span[]): readonly Span[] {
  return ones
    .flatMap((one) =>
      others.map((other) => ({
        fromMs: Math.max(one.fromMs, other.fromMs),
        untilMs: Math.min(one.untilMs, other.untilMs),
      })),
    )
    .filter(({ fromMs, untilMs }) => fromMs < untilMs)
}

/** An empty record. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new WorldRecorder(options)
}
