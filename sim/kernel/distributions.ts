/**
 * Distributions as inverse functions: one draw in [0, 1) becomes one integer.
 *
 * Taking the draw (not the stream) keeps "one value, one draw" visible at the call, which is what
 * makes common random numbers work. Results are whole milliseconds, rounded down.
 */
import { exp, ln, normalQuantile } from './numerics.ts'

/** Smallest probability that is handed to a function with a pole at 0. */
const LEAST = 1 / 0x20_0000_0000_0000

/** Integer from `least` to `most`, both possible. */
export function uniformInteger(u: number, range: { least: number; most: number }): number {
  return range.least + Math.floor(u * (range.most - range.least + 1))
}

/** Exponential with this mean; the time until a memoryless event. */
export function exponentialMs(u: number, meanMs: number): number {
  return Math.floor(-ln(1 - u) * meanMs)
}

/** `shiftMs` plus a lognormal whose median is `medianMs`. */
export function shiftedLogNormalMs(
  u: number,
  shape: { readonly shiftMs: number; readonly medianMs: number; readonly sigma: number },
): number {
  const z = normalQuantile(Math.max(u, LEAST))
  return shape.shiftMs + Math.floor(shape.medianMs * exp(shape.sigma * z))
}

/** Parts into which the draws of a tabulated distribution are divided. */
const TABLE_PARTS = 4_096
/**
 * Values that lie closer to a whole number than this are not taken from a table, in milliseconds.
 */
const TABLE_MARGIN_MS = 1e-6

/**
 * As `shiftedLogNormalMs`, by a table: where both ends of a draw's part give the same whole
 * number, so does every draw between them, as the quantile never falls. Elsewhere, and in the
 * outermost parts, it is computed. The margin is far above the error of the quantile's
 * approximation.
 */
export function tabulatedLogNormalMs(shape: {
  readonly shiftMs: number
  readonly medianMs: number
  readonly sigma: number
}): (u: number) => number {
  const { shiftMs, medianMs, sigma } = shape
  const valueAt = (u: number) => medianMs * exp(sigma * normalQuantile(u))
  const table = new Int32Array(TABLE_PARTS).fill(-1)
  for (let part = 1; part < TABLE_PARTS - 1; part += 1) {
    const least = Math.floor(valueAt(part / TABLE_PARTS) - TABLE_MARGIN_MS)
    const most = Math.floor(valueAt((part + 1) / TABLE_PARTS) + TABLE_MARGIN_MS)
    if (least === most && least < 0x4000_0000) table[part] = least
  }
  return (u) => {
    const known = table[Math.floor(u * TABLE_PARTS)] as number
    return known >= 0 ? shiftMs + known : shiftedLogNormalMs(u, shape)
  }
}

/** Normal around 0, rounded to the nearest millisecond. */
export function normalMs(u: number, sigmaMs: number): number {
  return Math.round(normalQuantile(Math.max(u, LEAST)) * sigmaMs)
}

/** Weibull; `shape` below 1 gives many short and a few very long times. */
export function weibullMs(u: number, shape: { shape: number; scaleMs: number }): number {
  const hazard = Math.max(-ln(1 - u), LEAST)
  return Math.floor(shape.scaleMs * exp(ln(hazard) / shape.shape))
}

/**
 * Uniform in the exponent between two positive bounds: each order of magnitude is equally likely.
 */
export function logUniformMs(u: number, range: { leastMs: number; mostMs: number }): number {
  const least = ln(range.leastMs)
  return Math.floor(exp(least + u * (ln(range.mostMs) - least)))
}

/** Number of trials until the first success of probability `success`, from 1. */
export function geometricCount(u: number, success: number): number {
  if (success >= 1) return 1
  return 1 + Math.floor(ln(1 - u) / ln(1 - success))
}

/** True with probability `bps` / 10,000. */
export function chanceBps(u: number, bps: number): boolean {
  return u * 10_000 < bps
}
