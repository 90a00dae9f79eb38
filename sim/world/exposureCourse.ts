/**
 * The course of an exposure over time on a fixed grid, so that runs can be laid over one another.
 *
 * The grid does not depend on the runs, or parts of a simulation could not be merged. Each window
 * has the largest value that the exposure takes in it: a peak between two points must not be lost.
 */
import type { ExposureSample } from './exposure.ts'

/** Width of a window of true time. */
export const COURSE_WINDOW_MS = 60_000
/** Windows; the last one takes all that comes later. Two hours of call fit. */
export const COURSE_WINDOWS = 130

export interface Course {
  readonly worstUnits: bigint
  readonly worstAtMs: number
  /** Windows in which the exposure is not 0: number of the window and its largest value. */
  readonly course: readonly (readonly [window: number, units: bigint])[]
}

function windowOf(atMs: number): number {
  return Math.min(COURSE_WINDOWS - 1, Math.floor(atMs / COURSE_WINDOW_MS))
}

/** Value on the straight line between two samples, rounded down. */
function between(
  from: { atMs: number; units: bigint },
  to: { atMs: number; units: bigint },
  atMs: number,
) {
  if (to.atMs === from.atMs) return to.units
  const share = ((to.units - from.units) * BigInt(atMs - from.atMs)) / BigInt(to.atMs - from.atMs)
  return from.units + share
}

/** Worst value and, when `hasCourse`, the course of one side's exposure. */
export function courseOf(
  samples: readonly ExposureSample[],
  side: 'payerUnits' | 'providerUnits',
  hasCourse: boolean,
): Course {
  let worst = { worstUnits: 0n, worstAtMs: 0 }
  const windows = new Map<number, bigint>()
  const raise = (window: number, units: bigint) => {
    if (units > (windows.get(window) ?? 0n)) windows.set(window, units)
  }
  let before: { atMs: number; units: bigint } | null = null
  for (const sample of samples) {
    const here = { atMs: sample.atMs, units: sample[side] }
    if (here.units > worst.worstUnits) worst = { worstUnits: here.units, worstAtMs: here.atMs }
    if (hasCourse && before !== null) {
      // The line is highest at one of its ends within each window.
      for (let window = windowOf(before.atMs) + 1; window <= windowOf(here.atMs); window += 1) {
        const units = between(before, here, window * COURSE_WINDOW_MS)
        raise(window - 1, units)
        raise(window, units)
      }
    }
    if (hasCourse) raise(windowOf(here.atMs), here.units)
    before = here
  }
  return { ...worst, course: [...windows].sort(([a], [b]) => a - b) }
}
