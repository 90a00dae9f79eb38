/**
 * A draw that is nearly always the usual, and shrinks to it.
 */
import fc from 'fast-check'

/** The first value, or, with so many chances in a hundred, one of the others. */
export function rarely<Value>(
  usual: Value,
  percent: number,
  other: fc.Arbitrary<Value>,
): fc.Arbitrary<Value> {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(usual), weight: 100 - percent },
    { arbitrary: other, weight: percent },
  )
}
