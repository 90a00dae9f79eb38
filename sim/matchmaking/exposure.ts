/**
 * Exposure over time. The tutors' is their time: what a tutor would have earned, at the rate that
 * it is listed at, since somebody holds it who has not deposited. The payers' is what was deposited
 * for an acceptance that had been consumed already. The first grows until it is let go of, the
 * second jumps.
 */
import { type ExposureSample, sampleExposure } from '../world/exposure.ts'
import { holdsOf } from './truth.ts'
import type { WorldRun } from './worldRun.ts'

const SECOND_MS = 1000n

type Part = Pick<
  WorldRun,
  'parameters' | 'epochSeconds' | 'courses' | 'listedRateUnits' | 'endState'
>

/** Samples at every instant at which an exposure turns, and just before. */
export function exposureOf(run: Part): readonly ExposureSample[] {
  const holds = holdsOf(run).filter(({ state }) => state !== 'Matched')
  const again = run.courses.flatMap(({ deposits }) => deposits.slice(1))
  const turns = [
    ...holds.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]),
    ...again.map(({ atMs }) => atMs),
  ]
  return sampleExposure({
    locked: [],
    instants: turns.flatMap((atMs) => [Math.max(0, atMs - 1), atMs]),
    at(atMs) {
      const providerUnits = holds
        .filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)
        .reduce((sum, { tutor, fromMs }) => {
          const rateUnits = run.listedRateUnits[tutor] ?? 0n
          return sum + (rateUnits * BigInt(Math.round(atMs - fromMs))) / SECOND_MS
        }, 0n)
      const payerUnits = again
        .filter((deposit) => deposit.atMs <= atMs)
        .reduce((sum, { units }) => sum + units, 0n)
      return { payerUnits, providerUnits }
    },
  })
}
