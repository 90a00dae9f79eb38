/**
 * Exposure of a job over time: what each side would lose if the world ended now.
 *
 * The user's is what could be billed and has not reached it: as described whatever the deposit
 * buys, as the host's word is enough; hardened what it has signed for. The host's is what has
 * reached the user and could not be billed: as described what is not proven yet, as the user can
 * end at once; hardened what the user has not signed for. Both jump, and are constant in between.
 */
import type { Policy } from '../../models/kit/trace.ts'
import { type ExposureSample, newestBefore, sampleExposure } from '../world/exposure.ts'
import type { LockedSince } from '../world/money.ts'
import type { Count } from './worldRun.ts'

export interface ExposureInput {
  readonly policy: Policy
  readonly priceUnits: bigint
  readonly affordableTokens: number
  readonly createdMs: number | null
  readonly settledMs: number | null
  readonly billedTokens: number
  readonly received: readonly Count[]
  readonly signed: readonly Count[]
  readonly held: readonly Count[]
  /** What was billed on chain. */
  readonly settled: readonly Count[]
  readonly locked: readonly LockedSince[]
}

/** The number that was reached by a time. */
export function reachedBy(course: readonly Count[], atMs: number): number {
  return newestBefore(course, atMs)?.tokens ?? 0
}

function exposedTokens(input: ExposureInput, atMs: number) {
  const { policy, createdMs, settledMs, billedTokens, affordableTokens } = input
  if (createdMs === null || atMs < createdMs) return { over: 0, under: 0 }
  const delivered = reachedBy(input.received, atMs)
  if (settledMs !== null && atMs >= settledMs) {
    return { over: billedTokens - delivered, under: delivered - billedTokens }
  }
  if (policy === 'as-described') {
    const settled = reachedBy(input.settled, atMs)
    return { over: affordableTokens - delivered, under: delivered - settled }
  }
  const signed = Math.min(affordableTokens, reachedBy(input.signed, atMs))
  const held = Math.min(affordableTokens, reachedBy(input.held, atMs))
  return { over: signed - delivered, under: delivered - held }
}

/** Samples at every instant at which an exposure jumps, and just before. */
export function exposureOf(input: ExposureInput): readonly ExposureSample[] {
  const { createdMs, settledMs, received, signed, held, settled, locked, priceUnits } = input
  const jumps = [received, signed, held, settled].flatMap((course) =>
    course.map(({ signedMs }) => signedMs),
  )
  for (const atMs of [createdMs, settledMs]) if (atMs !== null) jumps.push(atMs)
  const instants = jumps.flatMap((atMs) => [Math.max(0, atMs - 1), atMs])
  const units = (tokens: number) => BigInt(Math.max(0, tokens)) * priceUnits
  return sampleExposure({
    ...{ locked, instants },
    at(atMs) {
      const { over, under } = exposedTokens(input, atMs)
      return { payerUnits: units(over), providerUnits: units(under) }
    },
  })
}
