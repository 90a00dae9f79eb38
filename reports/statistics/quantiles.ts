/**
 * Quantiles of a sample with binomial order-statistic intervals: no assumption about the shape.
 *
 * The number of samples below the true q-quantile is binomial, so two order statistics enclose it
 * with a known probability. A sample can carry a quantile when it has three samples to be expected
 * beyond it (p99.9 from 3,000 on, p99 from 300, p95 from 60); others are not given at all. A bound
 * for which even the extreme sample would not do is null.
 */
import { assert } from '../../models/kit/error.ts'
import { binomialCdf, binomialQuantile } from './binomial.ts'
import { ALPHA } from './confidence.ts'

/** Samples that must be expected on the thinner side of a quantile. */
const BEYOND_LEAST = 3

export interface Quantile<Value> {
  readonly q: number
  readonly value: Value
  readonly low: Value | null
  readonly high: Value | null
}

/** Least number of samples that carries the quantile. */
export function samplesFor(q: number): number {
  // Rounded first: 3 / (1 − 0.999) is a hair more than 3,000.
  return Math.ceil(Math.round((BEYOND_LEAST / Math.min(q, 1 - q)) * 1e6) / 1e6)
}

/** Ranks (from 1) of the order statistics that enclose the quantile; null where none does. */
export function quantileRanks(
  n: number,
  q: number,
  alpha = ALPHA,
): { readonly low: number | null; readonly high: number | null } {
  // [X(l), X(h)] misses on the left when fewer than l samples lie below the quantile.
  const low = binomialQuantile(alpha / 2, n, q)
  const high = binomialQuantile(1 - alpha / 2, n, q) + 1
  const isLowSafe = low >= 1 && binomialCdf(low - 1, n, q) <= alpha / 2
  return { low: isLowSafe ? low : null, high: high <= n ? high : null }
}

/** Rank (from 1) of the quantile itself: the nearest rank. */
export function quantileRank(n: number, q: number): number {
  return Math.min(n, Math.max(1, Math.ceil(Math.round(n * q * 1e6) / 1e6)))
}

/**
 * The quantile of a sample in ascending order; null when the sample cannot carry it.
 *
 * @example quantileOf([3, 5, 5, 8, 9, 12], 0.5)?.value // 5
 */
export function quantileOf<Value extends number | bigint>(
  sorted: readonly Value[],
  q: number,
  alpha = ALPHA,
): Quantile<Value> | null {
  assert(q > 0 && q < 1, 'a quantile lies strictly between 0 and 1')
  const n = sorted.length
  if (n < samplesFor(q)) return null
  const ranks = quantileRanks(n, q, alpha)
  const at = (rank: number | null) => (rank === null ? null : (sorted[rank - 1] as Value))
  return { q, value: at(quantileRank(n, q)) as Value, low: at(ranks.low), high: at(ranks.high) }
}

/** Those of `qs` that the sample can carry. */
export function quantilesOf<Value extends number | bigint>(
  sorted: readonly Value[],
  qs: readonly number[],
): readonly Quantile<Value>[] {
  return qs.flatMap((q) => quantileOf(sorted, q) ?? [])
}

/** For `sort`: numbers and amounts alike, ascending. */
export function ascending(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
