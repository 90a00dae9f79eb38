/**
 * The binomial distribution by sums, products and quotients only.
 *
 * Engines may round `Math.log` and its kin differently, and a record must have the same bytes on
 * every machine. So masses are not computed from logarithms but as ratios, outwards from the mode,
 * and divided by their sum; what is cut off is below 1e-20 of the mode's mass.
 */
import { assert } from '../../models/kit/error.ts'

const NEGLIGIBLE = 1e-20

interface Masses {
  /** Number of successes that `masses[0]` belongs to. */
  readonly from: number
  readonly masses: readonly number[]
}

function massesOf(n: number, p: number): Masses {
  const mode = Math.min(n, Math.floor((n + 1) * p))
  const odds = p / (1 - p)
  const below: number[] = []
  for (let k = mode, mass = 1; k > 0; k -= 1) {
    mass *= k / ((n - k + 1) * odds)
    if (mass < NEGLIGIBLE) break
    below.push(mass)
  }
  const above: number[] = []
  for (let k = mode, mass = 1; k < n; k += 1) {
    mass *= ((n - k) * odds) / (k + 1)
    if (mass < NEGLIGIBLE) break
    above.push(mass)
  }
  const masses = [...below.reverse(), 1, ...above]
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  return { from: mode - below.length, masses: masses.map((mass) => mass / total) }
}

/** P(X ≤ k) for X ~ Binomial(n, p), 0 < p < 1. */
export function binomialCdf(k: number, n: number, p: number): number {
  assert(p > 0 && p < 1, 'the probability lies strictly between 0 and 1')
  if (k < 0) return 0
  if (k >= n) return 1
  const { from, masses } = massesOf(n, p)
  let sum = 0
  for (let index = 0; index < masses.length && from + index <= k; index += 1) {
    sum += masses[index] as number
  }
  return Math.min(1, sum)
}

/** Smallest k with P(X ≤ k) ≥ `probability`. */
export function binomialQuantile(probability: number, n: number, p: number): number {
  assert(p > 0 && p < 1, 'the probability lies strictly between 0 and 1')
  const { from, masses } = massesOf(n, p)
  let sum = 0
  for (let index = 0; index < masses.length; index += 1) {
    sum += masses[index] as number
    if (sum >= probability) return from + index
  }
  return n
}
