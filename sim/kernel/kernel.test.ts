/**
 * The kernel: random bits against published vectors, streams that do not disturb one another, the
 * order of the queue against a sort, numerics against the engine's own.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDigest } from './digest.ts'
import {
  exponentialMs,
  geometricCount,
  logUniformMs,
  shiftedLogNormalMs,
  tabulatedLogNormalMs,
  uniformInteger,
  weibullMs,
} from './distributions.ts'
import { createEventQueue } from './eventQueue.ts'
import { exp, ln, normalQuantile } from './numerics.ts'
import { stream, streamsOf } from './random.ts'
import { threefry } from './threefry.ts'

const runKeys = fc.record({ seed: fc.nat(), run: fc.nat() })

describe('threefry', () => {
  test('gives the vectors that the Random123 library publishes', () => {
    const zeros = threefry({ high: 0, low: 0 }, { high: 0, low: 0 })
    expect(zeros).toEqual({ high: 0x6b200159, low: 0x99ba4efe })
    const ones = 0xffffffff
    const full = threefry({ high: ones, low: ones }, { high: ones, low: ones })
    expect(full).toEqual({ high: 0x1cb996fc, low: 0xbb002be7 })
    const pi = threefry(
      { high: 0x13198a2e, low: 0x03707344 },
      { high: 0x243f6a88, low: 0x85a308d3 },
    )
    expect(pi).toEqual({ high: 0xc4923a9c, low: 0x483df7a0 })
  })
})

describe('streams', () => {
  test('a draw that is added to one stream shifts no other', () => {
    fc.assert(
      fc.property(runKeys, fc.nat(20), fc.nat(20), (key, extra, wanted) => {
        const plain = streamsOf(key)
        const disturbed = streamsOf(key)
        for (let draw = 0; draw < extra; draw += 1) disturbed('one').unit()
        const expected = Array.from({ length: wanted }, () => plain('other').unit())
        const drawn = Array.from({ length: wanted }, () => disturbed('other').unit())
        expect(drawn).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })

  test('the same seed, run and purpose give the same draws; another of any gives others', () => {
    const draws = (seed: number, run: number, purpose: string) => {
      const source = stream({ seed, run }, purpose)
      return [source.unit(), source.unit(), source.unit()]
    }
    expect(draws(1, 2, 'a')).toEqual(draws(1, 2, 'a'))
    expect(draws(1, 2, 'a')).not.toEqual(draws(2, 2, 'a'))
    expect(draws(1, 2, 'a')).not.toEqual(draws(1, 3, 'a'))
    expect(draws(1, 2, 'a')).not.toEqual(draws(1, 2, 'b'))
  })

  test('draw number n is the nth draw', () => {
    const source = stream({ seed: 3, run: 1 }, 'numbered')
    const drawn = Array.from({ length: 50 }, () => source.unit())
    expect(drawn).toEqual(drawn.map((_, index) => source.unitAt(index)))
  })

  test('draws are uniform: 64 cells of 64,000 draws pass a chi-square test at 1e-6', () => {
    const source = stream({ seed: 11, run: 0 }, 'uniform')
    const counts = new Array<number>(64).fill(0)
    for (let draw = 0; draw < 64_000; draw += 1) {
      const cell = uniformInteger(source.unit(), { least: 0, most: 63 })
      counts[cell] = (counts[cell] ?? 0) + 1
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquare).toBeLessThan(132)
    expect(chiSquare).toBeGreaterThan(20)
  })
})

describe('numerics', () => {
  test('ln and exp agree with the engine to 1e-13, and undo each other', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (x) => {
        expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-13 * Math.max(1, Math.abs(ln(x))))
        expect(Math.abs(exp(ln(x)) / x - 1)).toBeLessThan(1e-12)
      }),
      { numRuns: 500 },
    )
  })

  test('the normal quantile has the known values', () => {
    expect(normalQuantile(0.5)).toBe(0)
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 7)
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306, 7)
  })

  test('last digits never change: golden values', () => {
    expect([ln(3), exp(1.5), normalQuantile(0.01)]).toMatchInlineSnapshot(`
      [
        1.0986122886681096,
        4.481689070338065,
        -2.326347874388028,
      ]
    `)
  })
})

describe('distributions', () => {
  const samples = (draw: (u: number) => number, count = 20_000) => {
    const source = stream({ seed: 5, run: 0 }, 'sample')
    return Array.from({ length: count }, () => draw(source.unit())).sort((a, b) => a - b)
  }
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const median = (values: readonly number[]) => values[values.length >> 1] as number

  test('have the means and medians that define them, within five standard errors', () => {
    expect(Math.abs(mean(samples((u) => exponentialMs(u, 1000))) - 999.5)).toBeLessThan(36)
    const latency = { shiftMs: 20, medianMs: 30, sigma: 0.5 }
    expect(Math.abs(median(samples((u) => shiftedLogNormalMs(u, latency))) - 49.5)).toBeLessThan(
      1.5,
    )
    const weibull = samples((u) => weibullMs(u, { shape: 0.59, scaleMs: 1_000_000 }))
    expect(Math.abs(median(weibull) / 537_300 - 1)).toBeLessThan(0.08)
    expect(Math.abs(mean(samples((u) => geometricCount(u, 0.25))) - 4)).toBeLessThan(0.13)
    expect(
      Math.abs(median(samples((u) => logUniformMs(u, { leastMs: 1, mostMs: 10_000 }))) / 100 - 1),
    ).toBeLessThan(0.25)
  })

  test('are whole numbers for every draw', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (u) => {
        expect(Number.isSafeInteger(exponentialMs(u, 50))).toBe(true)
        expect(Number.isSafeInteger(weibullMs(u, { shape: 0.34, scaleMs: 1000 }))).toBe(true)
        const shape = { shiftMs: 1, medianMs: 5, sigma: 1 }
        expect(Number.isSafeInteger(shiftedLogNormalMs(u, shape))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('event queue', () => {
  test('gives events in the order of time, then of scheduling', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (timesMs) => {
        const queue = createEventQueue<{ atMs: number; sequence: number }>()
        const items = timesMs.map((atMs, sequence) => ({ atMs, sequence }))
        for (const item of items) queue.push(item.atMs, item)
        const taken = items.map(() => queue.pop())
        expect(taken).toEqual(items.sort((a, b) => a.atMs - b.atMs || a.sequence - b.sequence))
        expect(queue.pop()).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })

  test('keeps the order when events are added between takings', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(9)), { maxLength: 200 }), (moves) => {
        const queue = createEventQueue<number>()
        const pending: { atMs: number; id: number }[] = []
        moves.forEach(([take, delayMs], id) => {
          if (!take) {
            queue.push(queue.nowMs + delayMs, id)
            pending.push({ atMs: queue.nowMs + delayMs, id })
            return
          }
          pending.sort((a, b) => a.atMs - b.atMs || a.id - b.id)
          expect(queue.pop()).toBe(pending.shift()?.id)
        })
      }),
      { numRuns: 300 },
    )
  })

  test('refuses an event in the past', () => {
    const queue = createEventQueue<string>()
    queue.push(5, 'first')
    queue.pop()
    expect(() => queue.push(4, 'late')).toThrow('no event is scheduled in the past')
  })
})

test('a digest changes with every number and text that it is given', () => {
  const digestOf = (values: readonly (number | string)[]) => {
    const digest = createDigest()
    for (const value of values) {
      if (typeof value === 'string') digest.addText(value)
      else digest.addNumber(value)
    }
    return digest.hex()
  }
  const lists = fc.array(fc.oneof(fc.maxSafeInteger(), fc.string()), { maxLength: 8 })
  fc.assert(
    fc.property(lists, lists, (left, right) => {
      const same = JSON.stringify(left) === JSON.stringify(right)
      expect(digestOf(left) === digestOf(right)).toBe(same)
    }),
    { numRuns: 500 },
  )
})

describe('a tabulated distribution', () => {
  const shapes = [
    { shiftMs: 20, medianMs: 25, sigma: 0.5 },
    { shiftMs: 1, medianMs: 2, sigma: 0.3 },
    { shiftMs: 0, medianMs: 300, sigma: 1.5 },
    { shiftMs: 0, medianMs: 5, sigma: 0 },
  ]

  test('gives for every draw what the formula gives', () => {
    for (const shape of shapes) {
      const tabulated = tabulatedLogNormalMs(shape)
      const draw = fc.double({ min: 0, max: 1 - 2 ** -53, noNaN: true })
      const property = fc.property(draw, (u) => tabulated(u) === shiftedLogNormalMs(u, shape))
      fc.assert(property, { numRuns: 5_000 })
    }
  })

  test('also where a part begins and ends, and at the joints of the approximation', () => {
    const step = 2 ** -53
    for (const shape of shapes) {
      const tabulated = tabulatedLogNormalMs(shape)
      const joints = [0.02425, 1 - 0.02425, 0.5]
      const edges = Array.from({ length: 4_096 }, (_, part) => part / 4_096)
      for (const edge of [...edges, ...joints]) {
        for (const u of [edge - step, edge, edge + step]) {
          if (u < 0) continue
          expect(tabulated(u)).toBe(shiftedLogNormalMs(u, shape))
        }
      }
    }
  })
})
