/**
 * Writes down what happens in a session and turns it into a `WorldRun` at the end.
 *
 * It watches; nothing that a participant or the chain does depends on it.
 */
import type { Digest } from '../kernel/digest.ts'
import type { Span } from '../links.ts'
import type { CallTruth } from '../world/callTruth.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import { lockedCourse } from '../world/money.ts'
import type { TransactionRecord, WorldStep } from '../world/records.ts'
import type { Ending } from '../world/script.ts'
import { runHead, WORLD_EPOCH_SECONDS } from '../world/setup.ts'
import { totalMs } from '../world/spans.ts'
import {
  type EndReason,
  isOver,
  type Mark,
  type Message,
  type SessionReading,
  SIDES,
  SIGNS,
  type Side,
} from './actors.ts'
import { type Bill, billOf } from './bill.ts'
import { exposureOf } from './exposure.ts'
import { leakageOf, outagesOf } from './leakage.ts'
import type { WorldSetup } from './options.ts'
import { endStateOf } from './reading.ts'
import type { Lags, Milestones, ShownMessage, Ending as Way, WorldRun } from './worldRun.ts'

export interface Recorder {
  /** A participant reads the chain. */
  looked(actor: string, atMs: number): void
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

function isSide(actor: string): actor is Side {
  return actor === 'student' || actor === 'mentor'
}

/** What a message record says besides its kind and times. */
export function showMessage(message: Message): ShownMessage {
  const { side } = message
  if (message.kind === 'bye') return { side, sequence: null, hears: null }
  return { side, sequence: message.number, hears: message.hears }
}

/** The least of a sorted list that is not below `fromMs`. */
function firstFrom(sorted: readonly number[], fromMs: number): number | null {
  return sorted.find((atMs) => atMs >= fromMs) ?? null
}

class WorldRecorder implements Recorder {
  readonly #options: RecorderOptions
  readonly #looksMs: Record<Side, number[]> = { student: [], mentor: [] }
  readonly #signs: Record<Side, { atMs: number; nonce: number }[]> = { student: [], mentor: [] }
  readonly #backMs: Record<Side, number[]> = { student: [], mentor: [] }
  readonly #presentMs: Record<Side, number | null> = { student: null, mentor: null }
  readonly #endedMs: Record<Side, number | null> = { student: null, mentor: null }
  readonly #releaseDueMs: number[] = []
  #endReason: EndReason | null = null
  #helloMs = 0

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  looked(actor: string, atMs: number): void {
    if (isSide(actor)) this.#looksMs[actor].push(atMs)
  }

  mark(actor: string, mark: Mark, atMs: number): void {
    if (!isSide(actor)) return
    switch (mark.kind) {
      case 'signed':
        this.#signs[actor].push({ atMs, nonce: mark.nonce })
        break
      case 'present':
        if (mark.isPresent) this.#presentMs[actor] ??= atMs
        break
      case 'ended':
        this.#endedMs[actor] ??= atMs
        this.#endReason ??= mark.reason
        break
      case 'release-due':
        this.#releaseDueMs.push(atMs)
        break
      case 'back':
        this.#backMs[actor].push(atMs)
        break
    }
  }

  arrived(_to: string, message: Message, sentMs: number, atMs: number): void {
    if (message.kind === 'hello') this.#helloMs = Math.max(this.#helloMs, atMs - sentMs)
  }

  finish(ending: Ending<SessionReading, ShownMessage>): WorldRun {
    const { setup, call, digest } = this.#options
    const { side, nowMs, course, counts, messages } = ending
    const { steps, transactions } = course
    const { policy, parameters, durationSeconds, agreement, behaviour } = setup
    const served = call.spans(nowMs)
    const student = agreement.roles.student as string
    const epochSeconds = WORLD_EPOCH_SECONDS
    const terms = { policy, parameters, durationSeconds }
    const bill = billOf({ ...terms, epochSeconds, student, steps, nowMs })
    const milestones = this.#milestones(steps, served, isOver(side.reading))
    const endState = endStateOf(side, setup)
    const { endedMs, ending: way, finalMs } = milestones
    const callEndMs = SIDES.reduce<number | null>((least, each) => {
      const atMs = endedMs[each]
      return atMs !== null && (least === null || atMs < least) ? atMs : least
    }, null)
    const parts = {
      ...{ protocol: 'progressive-escrow' as const, ...runHead(setup), durationSeconds },
      ...{ behaviour, agreements: [agreement], ...course, served },
      ...{ deliveredMs: totalMs(served), milestones, lags: this.#lags(transactions, bill, nowMs) },
      ...{ releaseDueMs: this.#releaseDueMs, backMs: this.#backMs, ...counts, endState },
    }
    // Messages are in the digest already; bill, leakage and exposure follow from what is.
    digest.addText(canonicalJson(parts))
    return {
      ...{ ...parts, bill, leakage: leakageOf(bill, served), messages },
      outages: outagesOf(bill, served, callEndMs),
      exposure: exposureOf({
        ...{ bill, served, durationSeconds, locked: lockedCourse(steps) },
        totalUnits: endState.totalUnits,
        completedMs: way === 'cancel' ? null : finalMs,
      }),
      hash: digest.hex(),
    }
  }

  #milestones(steps: readonly WorldStep[], served: readonly Span[], hasEnded: boolean): Milestones {
    const accepted = steps.filter(({ outcome }) => outcome.accepted)
    const final = accepted.find(({ edge }) => /\|(Completed|Cancelled)$/.test(edge))
    const student = this.#options.setup.agreement.roles.student
    const refund = accepted.findLast(({ transfers, planned }) =>
      transfers.some(
        ({ from, to }) =>
          from === 'escrow' && (to === student || (to === 'elsewhere' && planned.by === student)),
      ),
    )
    return {
      createdMs: accepted.find(({ edge }) => edge.endsWith('|Created'))?.includedMs ?? null,
      startedMs: accepted.find(({ edge }) => edge === 'Created|start|Active')?.includedMs ?? null,
      servedFromMs: served[0]?.fromMs ?? null,
      servedUntilMs: served[served.length - 1]?.untilMs ?? null,
      presentMs: this.#presentMs,
      endedMs: this.#endedMs,
      endReason: this.#endReason,
      finalMs: final?.includedMs ?? null,
      ending: (final?.planned.action as Way | undefined) ?? null,
      refundedMs: refund?.includedMs ?? null,
      overMs: hasEnded ? (accepted.at(-1)?.includedMs ?? null) : null,
      healedMs: this.#options.healedMs,
    }
  }

  #lags(transactions: readonly TransactionRecord[], { activations }: Bill, nowMs: number): Lags {
    let signMs = 0
    for (const { sender, nonce, action, includedMs, accepted } of transactions) {
      if (!isSide(sender) || includedMs === null || accepted !== true) continue
      if (!SIGNS.includes(action)) continue
      const sent = this.#signs[sender].findLast(
        (sign) => sign.nonce === nonce && sign.atMs <= includedMs,
      )
      if (sent !== undefined) signMs = Math.max(signMs, includedMs - sent.atMs)
    }
    const learnedMs = (fromMs: number): number => {
      const looks = SIDES.map((side) => firstFrom(this.#looksMs[side], fromMs) ?? nowMs)
      return Math.max(0, Math.min(...looks) - fromMs)
    }
    const ends = activations.filter(({ endedBy }) => endedBy !== null)
    const isUndone = transactions.some(({ reorgs }) => reorgs > 0)
    const reorgs = this.#options.setup.faults.filter(({ kind }) => kind === 'reorg' && isUndone)
    return {
      ...{ signMs, helloMs: this.#helloMs },
      leaveMs: ends.reduce((sum, { untilMs }) => sum + learnedMs(untilMs), 0),
      reorgMs: reorgs.reduce((sum, { atMs }) => sum + learnedMs(atMs), 0),
    }
  }
}

/** An empty record. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new WorldRecorder(options)
}
