/**
 * The quotient of two sums over the same runs, for instance of all gas and all bytes.
 *
 * A quotient of sums and not a mean of quotients: a run without a single byte has no quotient, and
 * its gas still has to be paid. The interval is Student's of the linearised quotient: right in the
 * limit and not a guarantee, so it is given from 30 runs on only, like that of a mean.
 */
import type { Interval } from './confidence.ts'
import { SAMPLES_LEAST, studentQuantile } from './means.ts'

/** Sums over runs of two integers `y` and `x`. */
export interface PairSums {
  readonly n: number
  readonly y: bigint
  readonly x: bigint
  readonly yy: bigint
  readonly xx: bigint
  readonly xy: bigint
}

export interface Ratio {
  readonly n: number
  readonly value: number
  /** 95 %, null below 30 runs. */
  readonly interval: Interval | null
}

/** Exact sums, so that the order of the runs does not matter. */
export function pairSums(pairs: readonly (readonly [y: bigint, x: bigint])[]): PairSums {
  let [y, x, yy, xx, xy] = [0n, 0n, 0n, 0n, 0n]
  for (const [first, second] of pairs) {
    y += first
    x += second
    yy += first * first
    xx += second * second
    xy += first * second
  }
  return { n: pairs.length, y, x, yy, xx, xy }
}

/** `y / x`; null when there is nothing to divide by. */
export function ratioOf({ n, y, x, yy, xx, xy }: PairSums): Ratio | null {
  if (n === 0 || x === 0n) return null
  const value = Number(y) / Number(x)
  if (n < SAMPLES_LEAST) return { n, value, interval: null }
  // The sum of (yᵢ·x − xᵢ·y)², exact; residuals of a quotient of sums have a mean of 0.
  const residuals = x * x * yy - 2n * x * y * xy + y * y * xx
  const spread = Math.sqrt(Number(residuals) / (n * (n - 1)))
  const half = (studentQuantile(n - 1) * spread * n) / Number(x) / Number(x)
  return { n, value, interval: { low: value - half, high: value + half } }
}
