/**
 * Writes down what happens in a channel and turns it into a `WorldRun` at the end.
 *
 * It watches; nothing that a participant or the chain does depends on it. What arrived is taken
 * from the network, not from what participants say of it.
 */
import { maxBig } from '../../models/kit/money.ts'
import type { Digest } from '../kernel/digest.ts'
import type { Span } from '../links.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import { lockedCourse } from '../world/money.ts'
import type { TransactionRecord, WorldStep } from '../world/records.ts'
import type { Ending as RunEnding } from '../world/script.ts'
import { runHead } from '../world/setup.ts'
import type { ChannelReading, ChannelView, LeaveReason, Mark, Message } from './actors.ts'
import { endStateOf, isOver } from './channelReading.ts'
import { exposureOf, reachedBy } from './exposure.ts'
import type { WorldSetup } from './options.ts'
import { STALL_MS } from './payerState.ts'
import { depositAt, type Standing, standingsOf } from './payments.ts'
import { owedUnits } from './price.ts'
import type { Count, Ending, Milestones, ShownMessage, Wait, WorldRun } from './worldRun.ts'

export interface Recorder {
  /** A participant reads the chain: notes what the provider takes as deposited. */
  looked(actor: string, view: ChannelView, atMs: number): void
  arrived(to: string, message: Message, atMs: number): void
  mark(actor: string, mark: Mark, atMs: number): void
  finish(ending: RunEnding<ChannelReading, ShownMessage>): WorldRun
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

/** What a message record says besides its kind and times. */
export function showMessage(message: Message): ShownMessage {
  switch (message.kind) {
    case 'ask':
      return { sequence: message.receivedBytes }
    case 'piece':
      return { sequence: message.untilBytes }
    case 'entrusted':
      return { sequence: message.bytes }
    default:
      return { sequence: message.voucher.bytes }
  }
}

/** Adds a count that says more than the last; whether it does. */
function raise(course: Count[], signedMs: number, bytes: number): boolean {
  if (bytes <= (course[course.length - 1]?.bytes ?? 0)) return false
  course.push({ signedMs, bytes })
  return true
}

const ENDINGS: readonly string[] = ['close', 'finalise', 'reclaimExpired'] satisfies Ending[]

class WorldRecorder implements Recorder {
  readonly #options: RecorderOptions
  #askedMs: number | null = null
  #confirmedMs: number | null = null
  readonly #received: Count[] = []
  readonly #signed: Count[] = []
  readonly #held: Count[] = []
  readonly #entrusted: Count[] = []
  readonly #waits: Wait[] = []
  #waiting: Omit<Wait, 'untilMs'> | null = null
  readonly #seen: { readonly atMs: number; readonly units: bigint }[] = []
  readonly #left: Record<string, Left> = {}
  #staleCount = 0

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  looked(actor: string, { depositUnits: units }: ChannelView, atMs: number): void {
    if (actor !== 'provider' || units <= (this.#seen.at(-1)?.units ?? 0n)) return
    this.#seen.push({ atMs, units })
  }

  arrived(to: string, message: Message, atMs: number): void {
    switch (message.kind) {
      case 'piece':
        raise(this.#received, atMs, message.untilBytes)
        return
      case 'entrusted':
        raise(this.#entrusted, atMs, message.bytes)
        return
      default: {
        const { bytes, isGenuine } = message.voucher
        if (to !== 'provider' || !isGenuine || bytes === 0) return
        const isNews = raise(this.#held, atMs, bytes)
        if (!isNews && message.kind === 'voucher') this.#staleCount += 1
      }
    }
  }

  mark(actor: string, mark: Mark, atMs: number): void {
    switch (mark.kind) {
      case 'asked':
        this.#askedMs = atMs
        this.#waiting = { on: 'open', fromMs: atMs }
        return
      case 'confirmed':
        this.#confirmedMs ??= atMs
        return
      case 'signed':
        this.#signed.push({ signedMs: atMs, bytes: mark.bytes })
        return
      case 'stands':
        this.#waiting = { on: mark.on, fromMs: atMs }
        return
      case 'streams':
        this.#goOn(atMs)
        return
      case 'left':
        this.#left[actor] ??= { atMs, reason: mark.reason }
    }
  }

  #goOn(untilMs: number): void {
    if (this.#waiting !== null) this.#waits.push({ ...this.#waiting, untilMs })
    this.#waiting = null
  }

  finish(ending: RunEnding<ChannelReading, ShownMessage>): WorldRun {
    const { setup, digest } = this.#options
    const { side, course, counts, messages } = ending
    const { behaviour, agreement, price, fileBytes, priceUnits } = setup
    const standings = standingsOf(course.steps, agreement.roles.provider as string)
    const endState = endStateOf(side, setup)
    const hasEnded = isOver(side.reading)
    const milestones = this.#milestones(course.steps, course.transactions, standings, hasEnded)
    const { payerLeftMs, endedMs } = milestones
    const stoppedMs = Math.min(payerLeftMs ?? ending.nowMs, endedMs ?? ending.nowMs)
    const parts = {
      ...{ protocol: 'payment-channel' as const, ...runHead(setup), behaviour },
      ...{ agreements: [agreement], price, fileBytes, priceUnits },
      ...{ expirySeconds: setup.expirySeconds, graceSeconds: setup.graceSeconds, ...course },
      deliveredBytes: this.#received.at(-1)?.bytes ?? 0,
      ...{ served: this.#served(), waits: this.#waitsUntil(stoppedMs) },
      ...{ staleCount: this.#staleCount, undoneUnits: this.#undoneUnits(standings) },
      ...{ milestones, ...counts, endState },
    }
    // Counts of bytes are in the digest already: each of them was a message.
    digest.addText(canonicalJson(parts))
    const courses = {
      ...{ received: this.#received, signed: this.#signed },
      ...{ held: this.#held, entrusted: this.#entrusted },
    }
    const paidUnits = endState.receivedUnits + endState.claimProviderUnits
    const locked = lockedCourse(course.steps)
    const exposure = exposureOf({ ...courses, price, endedMs, paidUnits, standings, locked })
    return { ...parts, ...courses, exposure, messages, hash: digest.hex() }
  }

  /** Pieces that come one after another, without a pause that makes the payer ask. */
  #served(): readonly Span[] {
    const spans: { fromMs: number; untilMs: number }[] = []
    for (const { signedMs } of this.#received) {
      const last = spans[spans.length - 1]
      if (last !== undefined && signedMs - last.untilMs <= STALL_MS) last.untilMs = signedMs
      else spans.push({ fromMs: signedMs, untilMs: signedMs })
    }
    return spans
  }

  /** Once the payer has left or the channel has ended, nobody waits for pieces any more. */
  #waitsUntil(stoppedMs: number): readonly Wait[] {
    this.#goOn(stoppedMs)
    return this.#waits
      .map((wait) => ({ ...wait, untilMs: Math.min(wait.untilMs, stoppedMs) }))
      .filter(({ fromMs, untilMs }) => fromMs < untilMs)
  }

  /** What the provider saw deposited at some time, less what the chain kept of it. */
  #undoneUnits(standings: readonly Standing[]): bigint {
    return this.#seen.reduce(
      (most, { atMs, units }) => maxBig(most, units - depositAt(standings, atMs)),
      0n,
    )
  }

  #milestones(
    steps: readonly WorldStep[],
    transactions: readonly TransactionRecord[],
    standings: readonly Standing[],
    isFinished: boolean,
  ): Milestones {
    const { fileBytes } = this.#options.setup
    const requestedMs = steps.find(({ edge }) => edge === 'Open|requestClose|Closing')?.includedMs
    const end = steps.find(
      ({ planned, outcome }) => outcome.accepted && ENDINGS.includes(planned.action),
    )
    const endRecord = transactions.find(
      ({ block, action, accepted }) =>
        block === end?.block && action === end?.planned.action && accepted === true,
    )
    const { payer, provider } = this.#left
    const endedMs = end?.includedMs ?? null
    return {
      askedMs: this.#askedMs,
      openedMs: steps.find(({ edge }) => edge === 'None|open|Open')?.includedMs ?? null,
      openConfirmedMs: this.#confirmedMs,
      completeMs: this.#received.find(({ bytes }) => bytes >= fileBytes)?.signedMs ?? null,
      ...{ payerLeftMs: payer?.atMs ?? null, payerReason: payer?.reason ?? null },
      ...{ providerLeftMs: provider?.atMs ?? null, providerReason: provider?.reason ?? null },
      requestedMs: requestedMs ?? null,
      redeemedMs: requestedMs === undefined ? null : this.#redeemedMs(standings, requestedMs),
      ...{ endedMs, ending: (end?.planned.action as Ending | undefined) ?? null },
      endSentMs: endRecord?.submittedMs ?? null,
      overMs: isFinished ? (lastPayoutMs(steps) ?? endedMs) : null,
      healedMs: this.#options.healedMs,
    }
  }

  /** When everything was paid that was held at the request; null when nothing was open then. */
  #redeemedMs(standings: readonly Standing[], requestedMs: number): number | null {
    const heldUnits = owedUnits(this.#options.setup.price, reachedBy(this.#held, requestedMs))
    const done = standings.find(({ dueUnits, depositUnits }) => {
      return dueUnits >= heldUnits || (depositUnits > 0n && dueUnits >= depositUnits)
    })
    return done === undefined || done.includedMs <= requestedMs ? null : done.includedMs
  }
}

function lastPayoutMs(steps: readonly WorldStep[]): number | null {
  const pays = ({ transfers }: WorldStep) => transfers.some(({ from }) => from === 'escrow')
  return steps.findLast(pays)?.includedMs ?? null
}

/** An empty record. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new WorldRecorder(options)
}
