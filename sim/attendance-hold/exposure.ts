/**
 * Exposure of a hold over time: what each side would lose if the world ended now.
 *
 * A lesson is worth its price in proportion to the time in which both were there, up to its booked
 * length. The student's exposure is the price less that, as long as the price could be released: as
 * described always, as the keeper's word is enough; hardened once what the attestor has signed
 * reaches the threshold. The teacher's is the worth of what was taught, as long as it could be
 * refunded. Worth grows along straight lines, so samples stand where presence or standing turns.
 */
import { presenceSeconds } from '../../models/attendance-hold/attendanceReducer.ts'
import { BPS_PER_WHOLE, maxBig } from '../../models/kit/money.ts'
import type { Policy } from '../../models/kit/trace.ts'
import type { Span } from '../links.ts'
import { type ExposureSample, sampleExposure } from '../world/exposure.ts'
import type { LockedSince } from '../world/money.ts'
import { overlapMs } from '../world/spans.ts'
import type { Milestones, SignedSince } from './worldRun.ts'

export interface ExposureInput {
  readonly policy: Policy
  readonly priceUnits: bigint
  readonly bookedMs: number
  readonly thresholdBps: number
  readonly startsAtSeconds: number
  readonly served: readonly Span[]
  readonly signed: readonly SignedSince[]
  readonly milestones: Milestones
  readonly locked: readonly LockedSince[]
}

/** Whether what was signed would release the price. */
export function reachesThreshold(
  { records, endedAtSeconds }: Pick<SignedSince, 'records' | 'endedAtSeconds'>,
  terms: Pick<ExposureInput, 'bookedMs' | 'thresholdBps' | 'startsAtSeconds'>,
): boolean {
  const attended = BigInt(presenceSeconds(records ?? []))
  const lastedSeconds = (endedAtSeconds ?? 0) - terms.startsAtSeconds
  const counted = BigInt(Math.max(lastedSeconds, terms.bookedMs / 1000))
  return records !== null && attended * BPS_PER_WHOLE >= counted * BigInt(terms.thresholdBps)
}

/** Worth of the lesson up to a time, rounded down; never more than its price. */
export function taughtUnits(
  { priceUnits, bookedMs, served }: Pick<ExposureInput, 'priceUnits' | 'bookedMs' | 'served'>,
  untilMs: number,
): bigint {
  const taughtMs = Math.min(bookedMs, overlapMs(served, { fromMs: 0, untilMs }))
  return (priceUnits * BigInt(taughtMs)) / BigInt(bookedMs)
}

function exposedUnits(input: ExposureInput, atMs: number) {
  const { policy, priceUnits, milestones, signed } = input
  const { purchasedMs, resolvedMs, resolution } = milestones
  const none = { payerUnits: 0n, providerUnits: 0n }
  if (purchasedMs === null || atMs < purchasedMs) return none
  const taught = taughtUnits(input, atMs)
  const overUnits = maxBig(0n, priceUnits - taught)
  if (resolvedMs !== null && atMs >= resolvedMs) {
    return resolution === 'release'
      ? { ...none, payerUnits: overUnits }
      : { ...none, providerUnits: taught }
  }
  if (policy === 'as-described') return { payerUnits: overUnits, providerUnits: taught }
  const newest = signed.findLast((each) => each.atMs <= atMs)
  const isDue = newest !== undefined && reachesThreshold(newest, input)
  return isDue ? { ...none, payerUnits: overUnits } : { ...none, providerUnits: taught }
}

/** Samples at every instant at which an exposure turns, and just before. */
export function exposureOf(input: ExposureInput): readonly ExposureSample[] {
  const { served, signed, milestones, locked } = input
  const turns = [
    ...served.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]),
    ...signed.map(({ atMs }) => atMs),
    ...[milestones.resolvedMs].filter((atMs) => atMs !== null),
  ]
  return sampleExposure({
    locked,
    instants: turns.flatMap((atMs) => [Math.max(0, atMs - 1), atMs]),
    at: (atMs) => exposedUnits(input, atMs),
  })
}
