/**
 * What a participant knows of the chain's time between two looks at it: never more than is sure.
 *
 * The newest block's timestamp, and what the participant's own monotonic clock has counted since,
 * less the most that such a clock may run fast. A deadline that has passed by this reckoning has
 * passed on the chain, so that nobody calls too early. Wall clocks are believed by nobody.
 */
import { DRIFT_PPM_MAX } from '../clocks.ts'

const PPM = 1_000_000

export interface ChainTime {
  readonly headMs: number
  /** Monotonic time of the look. */
  readonly atMs: number
}

/** Before the first look. */
export const UNKNOWN_TIME: ChainTime = { headMs: 0, atMs: 0 }

/** Least time of the chain, in Unix milliseconds, at a reading of the monotonic clock. */
export function chainMs({ headMs, atMs }: ChainTime, monotonicMs: number): number {
  const passedMs = monotonicMs - atMs
  return headMs + passedMs - Math.ceil((passedMs * DRIFT_PPM_MAX) / PPM)
}

/** Whole seconds of the same. */
export function chainSeconds(time: ChainTime, monotonicMs: number): number {
  return Math.floor(chainMs(time, monotonicMs) / 1000)
}

/** After a look: a head that is older than what is known already says nothing new. */
export function afterLook(time: ChainTime, headSeconds: number, monotonicMs: number): ChainTime {
  const headMs = headSeconds * 1000
  return headMs < chainMs(time, monotonicMs) ? time : { headMs, atMs: monotonicMs }
}

/** Monotonic time to wait until the chain's time is sure to be `untilSeconds`; 0 when it is. */
export function waitMs(time: ChainTime, untilSeconds: number, monotonicMs: number): number {
  const leftMs = untilSeconds * 1000 - chainMs(time, monotonicMs)
  if (leftMs <= 0) return 0
  return leftMs + Math.ceil((leftMs * DRIFT_PPM_MAX) / (PPM - DRIFT_PPM_MAX)) + 1
}
