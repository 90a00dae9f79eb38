/**
 * Goal: options are read exactly, or refused. Method: tables, and the inverse of parsing.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exitCodeOfReplay } from './commands/replay.ts'
import { nearest } from './nearest.ts'
import { parseBudgetMs, parseRuns, parseSeed, SEED_MAX } from './parseOption.ts'

test('--seed › reads every seed, decimal and hexadecimal', () => {
  const seeds = fc.integer({ min: 0, max: SEED_MAX })
  fc.assert(
    fc.property(seeds, (seed) => {
      expect(parseSeed(String(seed))).toBe(seed)
      expect(parseSeed(`0x${seed.toString(16)}`)).toBe(seed)
    }),
    { numRuns: 200 },
  )
})

test('--budget › knows its units', () => {
  const typed = ['500ms', '90s', '2m', '1.5h']

  expect(typed.map(parseBudgetMs)).toEqual([500, 90_000, 120_000, 5_400_000])
})

const REFUSED = ['', ' ', '-1', '+1', '1e3', '0', '1.5', '0x10', '1_000', 'NaN', '9999999999999']

test.each(REFUSED)("--runs › refuses '%s'", (typed) => {
  expect(() => parseRuns(typed)).toThrow('--runs does not take')
})

test('nearest › finds slips of the fingers and nothing else', () => {
  const known = ['as-described', 'hardened']

  expect(nearest('hardend', known)).toBe('hardened')
  expect(nearest('HARDENED', known)).toBe('hardened')
  expect(nearest('described', known)).toBe('as-described')
  expect(nearest('xyz', known)).toBeUndefined()
  expect(nearest('', known)).toBeUndefined()
})

const REPLAYS = [
  { observed: 'violated', sameVerdict: true, sameBytecode: true, exitCode: 1 },
  { observed: 'violated', sameVerdict: false, sameBytecode: false, exitCode: 1 },
  { observed: 'held', sameVerdict: true, sameBytecode: true, exitCode: 0 },
  { observed: 'held', sameVerdict: false, sameBytecode: false, exitCode: 0 },
  { observed: 'held', sameVerdict: false, sameBytecode: true, exitCode: 2 },
  { observed: 'undecided', sameVerdict: true, sameBytecode: true, exitCode: 2 },
]

test.each(REPLAYS)(
  'replay › $observed, same verdict $sameVerdict, same bytecode $sameBytecode',
  ({ exitCode, ...result }) => {
    expect(exitCodeOfReplay({ ...result, recorded: '', evidence: '', steps: [] })).toBe(exitCode)
  },
)
