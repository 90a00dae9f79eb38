/**
 * Exposure of a session over time: what each side would lose if the world ended now.
 *
 * The student's is what is or could be billed beyond what was delivered; the mentor's is what was
 * delivered beyond what can be billed. The kit samples them where their course changes.
 */
import type { Span } from '../links.ts'
import { type ExposureSample, sampleExposure } from '../world/exposure.ts'
import type { LockedSince } from '../world/money.ts'
import { type Bill, type BillPoint, billableMs } from './bill.ts'

export interface ExposureInput {
  readonly bill: Bill
  readonly served: readonly Span[]
  readonly totalUnits: bigint
  readonly durationSeconds: number
  /** When the session was completed, in true time; null for never. */
  readonly completedMs: number | null
  /** What lay in the escrow from which time on, oldest first. */
  readonly locked: readonly LockedSince[]
}

/** Served before a time: sums up to each span, so that asking costs little. */
function deliveredBefore(served: readonly Span[]): (atMs: number) => number {
  return (atMs) => {
    let sumMs = 0
    for (const { fromMs, untilMs } of served) {
      if (fromMs >= atMs) break
      sumMs += Math.min(untilMs, atMs) - fromMs
    }
    return sumMs
  }
}

function newestPoint(points: readonly BillPoint[], atMs: number): BillPoint | undefined {
  let least = 0
  let most = points.length
  while (least < most) {
    const middle = (least + most) >> 1
    if ((points[middle] as BillPoint).atMs <= atMs) least = middle + 1
    else most = middle
  }
  return points[least - 1]
}

/** Instants at which an exposure changes its course. */
function* instantsOf({ bill, served, durationSeconds }: ExposureInput): Generator<number> {
  const { points, startedSeconds } = bill
  if (startedSeconds === null) return
  let before: BillPoint | undefined
  for (const point of points) {
    const { atMs, fromMs, provenUntilMs, beforeMs } = point
    yield Math.max(0, atMs - 1)
    yield atMs
    // The proof runs out, or the agreed time is used up, before the next call.
    if (before !== undefined && before.fromMs !== null && before.provenUntilMs < atMs) {
      yield Math.max(before.atMs, before.provenUntilMs)
    }
    if (fromMs !== null && provenUntilMs <= atMs) yield atMs
    if (fromMs !== null) {
      const fullMs = fromMs + durationSeconds * 1000 - beforeMs
      if (fullMs > atMs && fullMs - atMs < durationSeconds * 1000) yield fullMs
    }
    before = point
  }
  for (const { fromMs, untilMs } of served) {
    yield fromMs
    yield untilMs
  }
  const last = points[points.length - 1]
  if (last !== undefined && last.fromMs !== null && Number.isFinite(last.provenUntilMs)) {
    yield Math.max(last.atMs, last.provenUntilMs)
  }
}

/** Samples at every instant at which an exposure changes its course. */
export function exposureOf(input: ExposureInput): readonly ExposureSample[] {
  const { bill, served, totalUnits, durationSeconds, completedMs, locked } = input
  const wholeMs = durationSeconds * 1000
  const delivered = deliveredBefore(served)
  const units = (ms: number): bigint => (ms <= 0 ? 0n : (BigInt(ms) * totalUnits) / BigInt(wholeMs))
  const at = (atMs: number) => {
    const point = newestPoint(bill.points, atMs)
    const isPaid = completedMs !== null && atMs >= completedMs
    const finalMs = bill.effectiveMs + bill.remainderMs
    const couldBeMs = isPaid ? finalMs : billableMs(point, atMs, wholeMs)
    const deliveredMs = delivered(atMs)
    return {
      payerUnits: units(couldBeMs - deliveredMs),
      providerUnits: units(deliveredMs - couldBeMs),
    }
  }
  return sampleExposure({ locked, instants: instantsOf(input), at })
}
