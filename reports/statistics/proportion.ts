/**
 * Proportions with exact (Clopper-Pearson) intervals.
 *
 * Both ends are where the binomial tail beyond the count has the probability alpha / 2; a count of
 * 0 or n leaves one end at 0 or 1 and gives all of alpha to the other, which for 95 % is the rule
 * of three: nothing in n tries means at most about 3 / n. Ends are rounded outwards to 1e-9.
 */
import { assert } from '../../models/kit/error.ts'
import { binomialCdf } from './binomial.ts'
import { ALPHA, type Interval } from './confidence.ts'

export interface Proportion extends Interval {
  readonly value: number
  readonly count: number
  readonly n: number
}

const STEPS = 34

/** Where a falling function crosses `level`, from both sides. */
function crossing(level: number, at: (p: number) => number): Interval {
  let [low, high] = [0, 1]
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2
    if (at(middle) > level) low = middle
    else high = middle
  }
  return { low, high }
}

/** `count` of `n`, n > 0. */
export function proportion(count: number, n: number, alpha = ALPHA): Proportion {
  assert(n > 0 && count >= 0 && count <= n, 'a count lies between 0 and the number of tries')
  const tail = count === 0 || count === n ? alpha : alpha / 2
  // P(X ≥ count) = 1 − P(X ≤ count − 1) grows with p.
  const low = count === 0 ? 0 : crossing(1 - tail, (p) => binomialCdf(count - 1, n, p)).low
  const high = count === n ? 1 : crossing(tail, (p) => binomialCdf(count, n, p)).high
  return {
    value: count / n,
    low: Math.max(0, Math.floor(low * 1e9) / 1e9),
    high: Math.min(1, Math.ceil(high * 1e9) / 1e9),
    ...{ count, n },
  }
}
