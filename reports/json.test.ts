/**
 * Goal: nothing changes on its way through JSON. Method: any value, tags and look-alikes included.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, stringifyJson } from './json.ts'

const keys = fc
  .oneof(
    fc.string(),
    fc.constantFrom('#bigint', '##bigint', '#', 'bigint', 'toString', 'constructor'),
  )
  .filter((key) => key !== '__proto__')

const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string(),
    fc.bigInt(),
    fc.bigInt({ min: -(1n << 300n), max: 1n << 300n }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    fc.tuple(fc.constantFrom('#bigint', '##bigint'), tie('value')).map(([key, value]) => {
      return { [key]: value }
    }),
  ),
}))

test('any value comes back from JSON as it was', () => {
  fc.assert(
    fc.property(anyValue, fc.constantFrom(0, 1, 2), (value, indent) => {
      const positive = value === 0 ? 0 : value
      expect(parseJson(stringifyJson(positive, indent))).toEqual(positive)
    }),
    { numRuns: 1_000 },
  )
})

test('a bigint is a tagged decimal string', () => {
  expect(stringifyJson({ paid: -347n }, 0)).toBe('{"paid":{"#bigint":"-347"}}\n')
})

test('a number that JSON would turn into null is refused', () => {
  expect(() => stringifyJson({ rate: Number.NaN })).toThrow('numbers in JSON are finite')
  expect(() => stringifyJson([Number.POSITIVE_INFINITY])).toThrow('numbers in JSON are finite')
})

test.each(['"12x"', '"0x10"', '"-0"', '"007"', '""', '12', 'null', `"${'9'.repeat(1_001)}"`])(
  'a tag that holds %s is no integer',
  (inner) => {
    expect(() => parseJson(`{"#bigint":${inner}}`)).toThrow(
      expect.objectContaining({ code: 'MP_JSON_BIGINT' }),
    )
  },
)
