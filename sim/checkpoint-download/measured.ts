/**
 * What is measured of a download, for statistics: waits, overshoots, what was sunk and what was
 * never billed, and the times of its stages.
 *
 * Pure functions of a `WorldRun`; sums of money are compared as shares, in basis points.
 */
import { stageSample } from '../world/deriveFacts.ts'
import { GIGABYTE_BYTES } from '../world/download.ts'
import type { StageSample } from '../world/facts.ts'
import { reachedBy } from './exposure.ts'
import type { LedgerEntry } from './ledger.ts'
import { priceOf } from './options.ts'
import type { PaymentRecord } from './payments.ts'
import type { SourceRecord, WorldRun } from './worldRun.ts'

const BPS = 10_000

export const STAGES = {
  due: 'threshold → due on chain',
  paid: 'due → paid',
  confirmed: 'paid → confirmed',
  served: '402 → served again',
  complete: 'asked → complete',
} as const

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
const worth = ({ terms }: WorldRun, bytes: number) => priceOf(terms.pricePerMebibyteUnits, bytes)

/** All that seeders got out of the contract by then. */
export function paidBy({ ledger }: WorldRun, atMs: number): bigint {
  const books = ledger.findLast((entry) => entry.atMs <= atMs)
  return (books?.paidUnits ?? []).reduce((total, each) => total + each, 0n)
}

/** Shares round down to basis points. */
function shareBps(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * BigInt(BPS)) / whole)
}

/** Whether the downloader goes because it wants to, and not because the download fails it. */
export function isDone({ milestones }: WorldRun): boolean {
  const { reason } = milestones
  return reason === 'enough' || reason === 'unpaid' || reason === 'vanished'
}

/** From the wish for the file to its first byte; null when none came. */
export function openingWaitMs({ received, milestones }: WorldRun): number | null {
  const [first] = received
  return first === undefined ? null : first.signedMs - milestones.askedMs
}

/** Time in which nothing arrived as a payment was not made, or did not count yet. */
export function checkpointWaitMs({ received, payments, terms }: WorldRun): number {
  // In mode upfront the wait is the one for the first byte.
  if (terms.mode === 'upfront') return 0
  const paid = payments.flatMap(({ paidMs }) => (paidMs === null ? [] : [paidMs]))
  let waitedMs = 0
  for (const [index, { signedMs: untilMs }] of received.entries()) {
    const fromMs = received[index - 1]?.signedMs
    if (fromMs === undefined) continue
    const isWaiting = paid.some((atMs) => atMs >= fromMs && atMs < untilMs)
    if (isWaiting) waitedMs += untilMs - fromMs
  }
  return waitedMs
}

/** The books before a payment fell due. */
function before({ ledger }: WorldRun, { dueMs, checkpoint }: PaymentRecord) {
  return ledger.findLast((entry) => entry.atMs <= dueMs && entry.checkpoint === checkpoint)
}

/** Bytes at which a payment falls due: the checkpoint, or the end of the file before it. */
function thresholdOf(run: WorldRun, books: LedgerEntry | undefined): number {
  return Math.min(run.terms.fileBytes, books?.thresholdBytes ?? 0)
}

/** How much of the file beyond the checkpoint was there when its payment counted. */
export function overshoots(run: WorldRun): readonly number[] {
  if (run.terms.mode === 'upfront') return []
  return run.payments.flatMap((payment) => {
    const { confirmedMs } = payment
    if (confirmedMs === null) return []
    const threshold = thresholdOf(run, before(run, payment))
    return [Math.max(0, reachedBy(run.received, confirmedMs) - threshold)]
  })
}

/**
 * What was paid at the last instant at which the file was not complete: what incremental trust
 * costs the downloader if the rest never comes. In basis points of the file's price.
 */
export function sunkBps(run: WorldRun): number {
  const { completeMs } = run.milestones
  const untilMs = completeMs === null ? Number.MAX_VALUE : completeMs - 1
  return shareBps(paidBy(run, untilMs), worth(run, run.terms.fileBytes))
}

/** Delivered and never paid, in basis points of what of the file was delivered. */
export function unbilledBps(run: WorldRun): number {
  const delivered = worth(run, run.receivedBytes)
  const unpaid = delivered - paidBy(run, Number.MAX_VALUE)
  return unpaid > 0n ? shareBps(unpaid, delivered) : 0
}

/** Payments for a gigabyte of what arrived, rounded down; null when nothing did. */
export function promptsPerGigabyte(run: WorldRun): number | null {
  const made = run.payments.filter(({ paidMs }) => paidMs !== null).length
  return run.receivedBytes === 0 ? null : Math.floor((made * GIGABYTE_BYTES) / run.receivedBytes)
}

/** What arrived a second time, from somebody else. */
export function fetchedTwiceBytes({ sources, receivedBytes }: WorldRun): number {
  return sum(sources.map(({ reached }) => reached.at(-1)?.bytes ?? 0)) - receivedBytes
}

/** Each stretch of 402 answers of one seeder, up to its next chunk. */
function refusals({ unpaidMs, reached }: SourceRecord) {
  const stretches: { beginMs: number; endMs: number | null }[] = []
  let untilMs = -1
  for (const beginMs of unpaidMs) {
    if (beginMs < untilMs) continue
    const endMs = reached.find(({ signedMs }) => signedMs > beginMs)?.signedMs ?? null
    stretches.push({ beginMs, endMs })
    untilMs = endMs ?? Number.POSITIVE_INFINITY
  }
  return stretches
}

function paymentSamples(run: WorldRun, isOver: boolean): readonly StageSample[] {
  const { received, terms } = run
  return run.payments.flatMap((payment) => {
    const { dueMs, paidMs, confirmedMs } = payment
    const threshold = thresholdOf(run, before(run, payment))
    const reached = received.find(({ bytes }) => bytes >= threshold)
    const beginMs = terms.mode === 'upfront' ? null : (reached?.signedMs ?? null)
    // Who leaves instead of paying has not failed to pay.
    const isLeft = isDone(run) && paidMs === null
    return [
      ...stageSample(STAGES.due, { beginMs, endMs: dueMs }, isOver),
      ...(isLeft ? [] : stageSample(STAGES.paid, { beginMs: dueMs, endMs: paidMs }, isOver)),
      ...stageSample(STAGES.confirmed, { beginMs: paidMs, endMs: confirmedMs }, isOver),
    ]
  })
}

/** All stages but those of the chain. */
export function downloadSamples(run: WorldRun, isOver: boolean): readonly StageSample[] {
  const { milestones, sources } = run
  const { askedMs, completeMs } = milestones
  const isWhole = completeMs !== null
  // A seeder that is not needed any more, or whom the downloader leaves, never serves again.
  const served = sources.flatMap((source) =>
    refusals(source)
      .filter(({ endMs }) => endMs !== null || (!isWhole && !isDone(run)))
      .flatMap((span) => stageSample(STAGES.served, span, isOver)),
  )
  const whole =
    isWhole || !isDone(run)
      ? stageSample(STAGES.complete, { beginMs: askedMs, endMs: completeMs }, isOver)
      : []
  return [...paymentSamples(run, isOver), ...served, ...whole]
}
