/**
 * Goal: what a reader types and what stands in the address means what it says; numbers are exact.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exampleScenario, exampleWorldRecord } from '../reports/exampleWorld.ts'
import { durationTicks, spread, timeTicks } from './lib/chartBase.ts'
import { toCsv } from './lib/csv.ts'
import { type Filterable, parseFilter } from './lib/filter.ts'
import { compact, duration, moment, tokens } from './lib/format.ts'
import { progressAt } from './lib/progress.ts'
import { sequenceOf, skewAt } from './lib/sequence.ts'
import { framesOf, storiesOf } from './lib/story.ts'
import { formatHash, parseHash } from './lib/urlState.ts'

const item = (more: Partial<Filterable> = {}): Filterable => ({
  ...{ status: 'held', regime: 'none', policy: 'hardened', protocol: 'session-escrow' },
  ...{ id: 'INV-CAP', text: 'Nobody is paid more than the deposit.' },
  ...more,
})

describe('filter', () => {
  const passes = (source: string, more: Partial<Filterable> = {}) =>
    parseFilter(source).matches(item(more))

  test.each([
    ['', true],
    ['s:held', true],
    ['s:violated', false],
    ['s:violated s:held', true],
    ['s:held r:mixed', false],
    ['-r:none', false],
    ['-r:congestion', true],
    ['cap', true],
    ['cap paid', true],
    ['cap lost', false],
    ['"more than the deposit"', true],
    ['-"more than the deposit"', false],
    ['i:inv-cap p:hard', true],
    ['S:HELD', true],
  ])('%s › %s', (source, expected) => {
    expect(passes(source)).toBe(expected)
  })

  test('an unknown key is told and takes nothing away', () => {
    const filter = parseFilter('regime:mixed cap')
    expect(filter.problems).toEqual([
      'There is no filter "regime:"; use s:, r:, p:, protocol:, i:.',
    ])
    expect(filter.matches(item())).toBe(true)
  })

  test('no text is too odd', () => {
    fc.assert(
      fc.property(fc.string(), (source) => {
        expect(typeof parseFilter(source).matches(item())).toBe('boolean')
      }),
    )
  })
})

describe('address', () => {
  test('comes back as it went in, whatever is in it', () => {
    const name = fc.string({ minLength: 1 })
    const value = fc.string({ minLength: 1 })
    fc.assert(
      fc.property(name, fc.dictionary(name, value), (view, params) => {
        // Lone halves of surrogate pairs cannot stand in an address.
        fc.pre(
          [view, ...Object.entries(params).flat()].every((text) => !/\p{Surrogate}/u.test(text)),
        )
        expect(parseHash(formatHash({ view, params }), 'claims')).toEqual({
          view,
          params: { ...params },
        })
      }),
    )
  })

  test('nothing is the first view, and empty values are left out', () => {
    expect(parseHash('', 'claims')).toEqual({ view: 'claims', params: {} })
    expect(formatHash({ view: 'claims', params: { q: '', sort: 'id' } })).toBe('#/claims?sort=id')
    expect(parseHash('#/%E0%A4%A', 'claims').view).toBe('%E0%A4%A')
  })
})

describe('numbers', () => {
  test.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [4_230, '4.23 s'],
    [347_000, '5 min 47 s'],
    [300_000, '5 min'],
    [7_200_000, '2 h'],
    [11_520_000, '3 h 12 min'],
    [-2_400, '-2.4 s'],
  ])('duration of %d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })

  test('tokens are exact beyond what a float can hold', () => {
    expect(tokens(3_470_000n, 6)).toBe('3.47')
    expect(tokens(-1n, 6)).toBe('-0.000001')
    expect(tokens(2n ** 128n, 0)).toBe('340,282,366,920,938,463,463,374,607,431,768,211,456')
    expect([compact(0.00123456), compact(1_234_567), moment(359_000)]).toEqual([
      '0.00123',
      '1,230,000',
      '5:59.0',
    ])
  })

  test('CSV defuses formulas and quotes what must be quoted', () => {
    const table = {
      columns: ['name', 'units'],
      rows: [
        ['=1+1', 5n],
        ['a,"b"', null],
      ],
    }
    expect(toCsv(table)).toBe('name,units\r\n\'=1+1,5\r\n"a,""b""",\r\n')
  })

  test('axes have few, round and inner ticks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10 ** 9 }), (until) => {
        expect(timeTicks([0, until]).length).toBeLessThanOrEqual(23)
        for (const tick of durationTicks([1, until])) expect(tick).toBeLessThanOrEqual(until)
      }),
    )
    expect(timeTicks([0, 3_600_000]).map((ms) => ms / 60_000)).toEqual([0, 10, 20, 30, 40, 50, 60])
    expect(spread([10, 11, 50], { gap: 12, least: 0, most: 60 })).toEqual([10, 22, 50])
  })
})

describe('stories', () => {
  const stories = storiesOf(exampleWorldRecord())
  const told = stories.find(({ id }) => id === 'INV-SILENT-STOP-refuted')

  test('failures come first, and a scenario that a failure tells is not told twice', () => {
    expect(stories.map(({ id, group }) => [id, group])).toEqual([
      ['INV-NO-OVERPAY-as-described', 'Counterexamples'],
      ['INV-SILENT-STOP-refuted', 'Refuted as expected'],
      ['sample-1', 'Sample runs'],
    ])
  })

  test('a step knows its true time, its block time, and when it was sent', () => {
    const stop = told === undefined ? undefined : framesOf(told)[3]
    expect(stop).toMatchObject({ action: 'stop', trueMs: 359_000, submittedMs: 325_000 })
    expect(stop?.differs).toBe(false)
  })

  test('quiet pings are folded, the change from arriving to lost is kept', () => {
    const data = told === undefined ? null : sequenceOf(told)
    const labels = data?.events.map((event) =>
      event.kind === 'call' ? event.frame.action : event.label,
    )
    expect(labels?.slice(0, 8)).toEqual([
      ...['deposit', 'join', 'join', 'service begins', 'ping 1'],
      ...['117 pings arrive, 4 min 50 s', 'ping 60', 'ping 60'],
    ])
    expect(data?.events.some((event) => event.kind === 'message' && event.lost !== null)).toBe(true)
    expect(data?.hidden).toBe(0)
  })

  test('where a world has several of a kind, calls and messages of one share a lane', () => {
    if (told?.scenario == null) throw new Error('the worked case is told by the world')
    const lanesOf = (clocks: Record<string, unknown>) => {
      const scenario = { ...told.scenario, clocks, messages: [] } as typeof told.scenario
      return sequenceOf({ ...told, scenario }).lanes.map(({ id }) => id)
    }
    const clock = { offsetMs: 0, driftChanges: [], jumps: [] }
    expect(lanesOf({ student: clock })).not.toContain('student0')
    expect(lanesOf({ student0: clock, student1: clock })).toEqual(
      expect.arrayContaining(['student0', 'student1']),
    )
    expect(lanesOf({ student0: clock, student1: clock })).not.toContain('student')
  })

  test('time and money of the worked case: billed 347 s of 3600 s, delivered 300 s', () => {
    const bars = told === undefined ? null : progressAt(told, 4)
    expect(bars?.bars.map(({ label, wholeText }) => `${label}: ${wholeText}`)).toEqual([
      'time: billed 5 min 47 s of 60 min, delivered 5 min',
      'payment: 0 of 36,000,000 locked',
    ])
  })

  test('a clock with offset, drift and jump reads what the three add up to', () => {
    const jumps = [{ atMs: 5_000, byMs: -300 }]
    const driftChanges = [{ fromMs: 10_000, ppm: 0 }]
    const student = { offsetMs: 100, driftPpm: 200, driftChanges, jumps }
    const scenario = { ...exampleScenario(), clocks: { student } }
    expect([0, 5_000, 10_000, 60_000].map((at) => skewAt(scenario, 'student', at))).toEqual([
      ...[100, -199, -198, -198],
    ])
    expect(skewAt(scenario, 'nobody', 5)).toBe(0)
  })
})
