/**
 * Means of integers, exact sums, and their differences under common random numbers.
 *
 * The interval of a mean is Student's: right in the limit and not a guarantee, so it is given from
 * 30 samples on only. For a bounded quantity `boundedMeanInterval` is sound, for any quantity the
 * interval of its median is.
 */
import { assert } from '../../models/kit/error.ts'
import type { Interval } from './confidence.ts'
import { type Proportion, proportion } from './proportion.ts'
import { ascending, type Quantile, quantileOf } from './quantiles.ts'

/** Normal quantile of 97.5 %. */
const Z = 1.959963984540054
/** Samples below which Student's interval is not given. */
export const SAMPLES_LEAST = 30

/** Quantile of Student's t at 97.5 %, by the expansion of Cornish and Fisher; 1e-5 from 30 on. */
export function studentQuantile(freedom: number): number {
  const [z2, v] = [Z * Z, freedom]
  const first = (z2 + 1) / (4 * v)
  const second = (5 * z2 * z2 + 16 * z2 + 3) / (96 * v * v)
  const third = (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / (384 * v * v * v)
  return Z * (1 + first + second + third)
}

export interface Mean {
  readonly n: number
  readonly value: number
  /** 95 %, null below 30 samples. */
  readonly interval: Interval | null
}

/** Mean of integers. Sums are exact, so the order of the samples does not matter. */
export function meanOf(samples: readonly number[]): Mean {
  const n = samples.length
  assert(n > 0, 'a mean needs samples')
  let [sum, squares] = [0n, 0n]
  for (const sample of samples) {
    const exact = BigInt(sample)
    sum += exact
    squares += exact * exact
  }
  const value = Number(sum) / n
  if (n < SAMPLES_LEAST) return { n, value, interval: null }
  const variance = Number(BigInt(n) * squares - sum * sum) / n / (n - 1)
  const half = studentQuantile(n - 1) * Math.sqrt(variance / n)
  return { n, value, interval: { low: value - half, high: value + half } }
}

/** What changes from one design to another, over the same runs. */
export interface PairedDifference {
  readonly n: number
  /** Second minus first. */
  readonly mean: Mean
  /** Null when there are too few pairs. */
  readonly median: Quantile<number> | null
  /** Pairs in which the second is larger. */
  readonly larger: Proportion
  readonly equal: number
}

/**
 * Compares two designs run by run. Keys are runs; only those that both have are compared, and each
 * must have been run with the same random numbers.
 */
export function pairedDifference(
  first: ReadonlyMap<number, number>,
  second: ReadonlyMap<number, number>,
): PairedDifference | null {
  const differences: number[] = []
  for (const [run, value] of first) {
    const other = second.get(run)
    if (other !== undefined) differences.push(other - value)
  }
  if (differences.length === 0) return null
  differences.sort(ascending)
  const n = differences.length
  const larger = differences.filter((difference) => difference > 0).length
  const equal = differences.filter((difference) => difference === 0).length
  const median = quantileOf(differences, 0.5)
  return { n, mean: meanOf(differences), median, larger: proportion(larger, n), equal }
}
