/**
 * Exposure of a channel over time: what each side would lose if the world ended now.
 *
 * The payer's is what it has signed for and has not received. The provider's is what the payer has
 * received beyond what the provider could redeem: its newest voucher, as far as the deposit goes.
 * Both jump, the provider's upwards with each piece and downwards with each voucher; samples stand
 * where it turns.
 */
import { maxBig, minBig } from '../../models/kit/money.ts'
import { type ExposureSample, newestBefore, sampleExposure } from '../world/exposure.ts'
import type { LockedSince } from '../world/money.ts'
import { depositAt, type Standing } from './payments.ts'
import { owedUnits, type Price } from './price.ts'
import type { Count } from './worldRun.ts'

export interface ExposureInput {
  readonly price: Price
  readonly endedMs: number | null
  /** What the provider has of the channel in the end. */
  readonly paidUnits: bigint
  readonly received: readonly Count[]
  readonly signed: readonly Count[]
  readonly held: readonly Count[]
  readonly standings: readonly Standing[]
  readonly locked: readonly LockedSince[]
}

/** The number that was reached by a time. */
export function reachedBy(course: readonly Count[], atMs: number): number {
  return newestBefore(course, atMs)?.bytes ?? 0
}

function exposedUnits(input: ExposureInput, atMs: number) {
  const { price, endedMs, paidUnits, standings } = input
  const delivered = owedUnits(price, reachedBy(input.received, atMs))
  if (endedMs !== null && atMs >= endedMs) {
    return { over: paidUnits - delivered, under: delivered - paidUnits }
  }
  const depositUnits = depositAt(standings, atMs)
  const billable = (course: readonly Count[]) =>
    minBig(owedUnits(price, reachedBy(course, atMs)), depositUnits)
  return { over: billable(input.signed) - delivered, under: delivered - billable(input.held) }
}

/** Samples at every instant at which an exposure turns, and just before. */
export function exposureOf(input: ExposureInput): readonly ExposureSample[] {
  const { endedMs, received, signed, held, locked } = input
  const turns = [...held, ...signed].map(({ signedMs }) => signedMs)
  const last = received.at(-1)
  if (last !== undefined) turns.push(last.signedMs)
  if (endedMs !== null) turns.push(endedMs)
  return sampleExposure({
    locked,
    instants: turns.flatMap((atMs) => [Math.max(0, atMs - 1), atMs]),
    at(atMs) {
      const { over, under } = exposedUnits(input, atMs)
      return { payerUnits: maxBig(0n, over), providerUnits: maxBig(0n, under) }
    },
  })
}
