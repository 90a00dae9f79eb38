/**
 * Goal: the text of records is JSON with bigint, to the letter.
 * Method: any plain data, compared with what `JSON.stringify` makes of it.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonicalJson.ts'

const data = fc.anything({
  ...{ withBigInt: true, withNullPrototype: true, withSparseArray: true },
  ...{ maxDepth: 4, key: fc.string({ unit: 'binary' }) },
  values: [
    ...[fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.bigInt()],
    ...[fc.constant(null), fc.constant(undefined), fc.constantFrom('"', '\\', '\n', '\ud800', 'é')],
  ],
})

test('plain data › as JSON.stringify writes it, and bigint by name', () => {
  const expected = (value: unknown) =>
    JSON.stringify(value, (_, item) =>
      typeof item === 'bigint' ? { '#bigint': item.toString() } : item,
    )
  fc.assert(
    fc.property(data, (value) => {
      expect(canonicalJson({ value })).toBe(expected({ value }))
    }),
    { numRuns: 2_000 },
  )
  expect(canonicalJson([1n, -0, Number.NaN, undefined, '\ud83d\ude00'])).toBe(
    '[{"#bigint":"1"},0,null,null,"😀"]',
  )
})
