/**
 * Writes down what happens in a download and turns it into a `WorldRun` at the end.
 *
 * It watches; nothing that a participant or the chain does depends on it.
 */
import type { Digest } from '../kernel/digest.ts'
import type { Submission } from '../world/actors.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import type { WorldStep } from '../world/records.ts'
import type { Ending } from '../world/script.ts'
import { runHead } from '../world/setup.ts'
import {
  type DownloadReading,
  type DownloadView,
  hasEnded,
  type LeaveReason,
  type Mark,
  type Message,
  seederAt,
} from './actors.ts'
import { endStateOf, isOver } from './downloadReading.ts'
import { exposureOf } from './exposure.ts'
import { ledgerOf } from './ledger.ts'
import type { WorldSetup } from './options.ts'
import { paymentsOf } from './payments.ts'
import type {
  Count,
  EndState,
  Look,
  Milestones,
  PaymentRequest,
  ShownMessage,
  SourceRecord,
  WorldRun,
} from './worldRun.ts'

export interface Recorder {
  looked(actor: string, view: DownloadView, atMs: number): void
  submitted(actor: string, submission: Submission, atMs: number): void
  mark(actor: string, mark: Mark, atMs: number): void
  arrived(sentMs: number, atMs: number): void
  /** Whether this actor has vanished. */
  isGone(actor: string): boolean
  finish(ending: Ending<DownloadReading, ShownMessage>): WorldRun
}

interface RecorderOptions {
  readonly setup: WorldSetup
  readonly healedMs: number
  readonly digest: Digest
}

interface Left {
  readonly atMs: number
  readonly reason: LeaveReason
}

/** What is noted of one seeder as it comes. */
interface Notes {
  readonly sent: Count[]
  readonly reached: Count[]
  readonly acknowledged: Count[]
  readonly looks: Look[]
  readonly unpaidMs: number[]
  polls: number
  reassignments: number
  reassignedBytes: number
}

/** Bytes that a message asks for, acknowledges or brings; −1 for one without. */
export function bytesIn(message: Message): number {
  switch (message.kind) {
    case 'request': {
      let sum = 0
      for (const { bytes } of message.ranges) sum += bytes
      return sum
    }
    case 'delivered':
      return message.acknowledgedBytes
    case 'chunk':
      return message.range.bytes
    default:
      return -1
  }
}

/** What a message record says besides its kind and times. */
export function showMessage(message: Message): ShownMessage {
  const bytes = bytesIn(message)
  return { sequence: bytes < 0 ? null : bytes }
}

class WorldRecorder implements Recorder {
  readonly #options: RecorderOptions
  readonly #notes: Readonly<Record<string, Notes>>
  readonly #received: Count[] = []
  readonly #left: Record<string, Left> = {}
  readonly #requests: PaymentRequest[] = []
  /** The downloader's newest look. */
  #seen = { seenNonce: 0, seenCheckpoint: 0 }
  #messageMs = 0

  constructor(options: RecorderOptions) {
    this.#options = options
    const { seeders } = options.setup.terms
    const notes = (): Notes => ({
      ...{ sent: [], reached: [], acknowledged: [], looks: [], unpaidMs: [] },
      ...{ polls: 0, reassignments: 0, reassignedBytes: 0 },
    })
    this.#notes = Object.fromEntries(
      Array.from({ length: seeders }, (_, at) => [seederAt(at), notes()]),
    )
  }

  isGone(actor: string): boolean {
    return this.#left[actor]?.reason === 'vanished'
  }

  #of(seeder: number): Notes {
    return this.#notes[seederAt(seeder)] as Notes
  }

  looked(actor: string, view: DownloadView, atMs: number): void {
    if (actor === 'downloader') {
      this.#seen = { seenNonce: view.nonce, seenCheckpoint: view.checkpoint }
    }
    const notes = this.#notes[actor]
    if (notes === undefined) return
    const { state, checkpoint } = view
    const at = Object.keys(this.#notes).indexOf(actor)
    const deliveredBytes = view.deliveredBytes[at] ?? 0
    const last = notes.looks.at(-1)
    const isSame =
      last?.state === state &&
      last.checkpoint === checkpoint &&
      last.deliveredBytes === deliveredBytes
    if (!isSame) notes.looks.push({ atMs, state, checkpoint, deliveredBytes })
  }

  submitted(actor: string, { intent, nonce }: Submission, atMs: number): void {
    const { action, args, agreement = 0 } = intent
    const isPayment = action === 'pay' || action === 'retryPayment'
    if (actor !== 'downloader' || !isPayment || agreement !== 0) return
    const payment = Number(args.reference ?? args.checkpoint)
    this.#requests.push({ atMs, payment, nonce, ...this.#seen })
  }

  arrived(sentMs: number, atMs: number): void {
    this.#messageMs = Math.max(this.#messageMs, atMs - sentMs)
  }

  mark(actor: string, mark: Mark, atMs: number): void {
    switch (mark.kind) {
      case 'left':
        this.#left[actor] ??= { atMs, reason: mark.reason }
        return
      case 'reached': {
        const { bytes, fileBytes } = mark
        this.#note(this.#of(mark.seeder).reached, bytes, atMs)
        const isMore = fileBytes > (this.#received.at(-1)?.bytes ?? 0)
        if (isMore) this.#received.push({ signedMs: atMs, bytes: fileBytes })
        return
      }
      case 'sent':
      case 'acknowledged':
        this.#note((this.#notes[actor] as Notes)[mark.kind], mark.bytes, atMs)
        return
      case 'unpaid':
        this.#of(mark.seeder).unpaidMs.push(atMs)
        return
      case 'polled':
        this.#of(mark.seeder).polls += 1
        return
      case 'reassigned': {
        const notes = this.#of(mark.seeder)
        notes.reassignments += 1
        notes.reassignedBytes += mark.bytes
      }
    }
  }

  /** Bytes can be re-sent; the course only rises. */
  #note(course: Count[], bytes: number, atMs: number): void {
    if (bytes <= (course.at(-1)?.bytes ?? 0)) return
    course.push({ signedMs: atMs, bytes })
    const { digest } = this.#options
    digest.addNumber(atMs)
    digest.addNumber(bytes)
  }

  finish(ending: Ending<DownloadReading, ShownMessage>): WorldRun {
    const { setup, digest } = this.#options
    const { side, course, counts, messages, lostCount } = ending
    const { behaviour, terms, agreement, agreements } = setup
    const { steps, transactions } = course
    const ledger = ledgerOf(steps, setup)
    const endState = endStateOf(side, steps, ledger, setup)
    const milestones = this.#milestones(side.reading, steps, endState)
    const sources = Object.entries(this.#notes).map(([actor, notes]): SourceRecord => {
      const left = this.#left[actor]
      return { ...notes, leftMs: left?.atMs ?? null, reason: left?.reason ?? null }
    })
    const { policy } = setup
    const parts = {
      ...{ protocol: 'checkpoint-download' as const, ...runHead(setup), behaviour, terms },
      ...{ agreements, ...course },
      receivedBytes: this.#received.at(-1)?.bytes ?? 0,
      ...{ ledger, payments: paymentsOf(steps, transactions, agreement.roles), milestones },
      ...{ lags: { messageMs: this.#messageMs }, ...counts, endState },
    }
    const exposure = exposureOf({ policy, terms, sources, ledger })
    // Counts and messages are in the digest already, number by number; exposures follow from them.
    // Requests follow from what was seen, and show in steps and transactions.
    digest.addText(canonicalJson(parts))
    const received = this.#received
    const requests = this.#requests
    const noted = { sources, received, requests, lostCount, exposure, messages }
    return { ...parts, ...noted, hash: digest.hex() }
  }

  #milestones(
    reading: DownloadReading,
    steps: readonly WorldStep[],
    endState: EndState,
  ): Milestones {
    const { setup, healedMs } = this.#options
    const { policy, terms, behaviour } = setup
    const own = steps.filter(({ planned, outcome }) => planned.agreement === 0 && outcome.accepted)
    const ends = ({ edge }: WorldStep) =>
      hasEnded(policy, { state: edge.split('|')[2] ?? '' } as DownloadReading)
    const ended = own.find(ends)
    const complete = this.#received.find(({ bytes }) => bytes === terms.fileBytes)
    const pays = ({ transfers }: WorldStep) => transfers.some(({ from }) => from === 'escrow')
    const isDone =
      isOver(setup, reading, (actor) => this.isGone(actor)) ||
      (hasEnded(policy, reading) && endState.heldUnits === 0n)
    const lastMs = Math.max(ended?.includedMs ?? 0, own.findLast(pays)?.includedMs ?? 0)
    const left = this.#left.downloader
    return {
      askedMs: behaviour.beginsAtMs,
      openedMs: own.find(({ planned }) => planned.action === 'open')?.includedMs ?? null,
      completeMs: complete?.signedMs ?? null,
      ...{ leftMs: left?.atMs ?? null, reason: left?.reason ?? null },
      endedMs: ended?.includedMs ?? null,
      overMs: isDone && ended !== undefined ? lastMs : null,
      healedMs,
    }
  }
}

/** An empty record. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new WorldRecorder(options)
}
