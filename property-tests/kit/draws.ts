/**
 * Small arbitraries that every player draws with.
 */
import fc from 'fast-check'

/** A number below `weights.length`, drawn by weight; smaller numbers must mean simpler things. */
export function weighted(weights: readonly number[]): fc.Arbitrary<number> {
  return fc.oneof(...weights.map((weight, index) => ({ arbitrary: fc.constant(index), weight })))
}
