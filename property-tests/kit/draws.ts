/**
 * Small arbitraries that every player draws with.
 */
import fc from 'fast-check'

/** A number below `weights.length`, drawn by weight; smaller numbers must mean simpler things. */
export function weighted(weights: readonly number[]): fc.Arbitrary<number> {
  return fc.oneof(...drawn(weights))
}

/** The same draws; they shrink to 0, as fewer of something make a simpler run. */
export function weightedCount(weights: readonly number[]): fc.Arbitrary<number> {
  return fc.oneof({ withCrossShrink: true }, ...drawn(weights))
}

const drawn = (weights: readonly number[]) =>
  weights.map((weight, index) => ({ arbitrary: fc.constant(index), weight }))
