/**
 * Goal: an interval of 95 % covers what it is about in 94 to 96 % of all cases.
 * Method: 10,000 repetitions of experiments whose answer is known, from fixed seeds; and brute
 * force for the Pareto set and for exact probabilities.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { binomialCdf, binomialQuantile } from './binomial.ts'
import type { Interval } from './confidence.ts'
import { boundedMeanInterval, dkwHalfWidth } from './dkw.ts'
import { meanOf, type PairedDifference, pairedDifference } from './means.ts'
import { paretoSet } from './pareto.ts'
import { proportion } from './proportion.ts'
import { ascending, quantileOf, quantileRanks, samplesFor } from './quantiles.ts'
import { pairSums, type Ratio, ratioOf } from './ratios.ts'

const REPETITIONS = 10_000

/** Uniform draws in [0, 1) by xorshift128; a fixed seed each, so that a test never wavers. */
function uniformsFrom(seed: number): () => number {
  const state = new Uint32Array([seed, seed ^ 0x9e3779b9, 0x243f6a88, 0xb7e15162])
  const next = () => {
    const [a, b, c, d] = state as unknown as [number, number, number, number]
    const mixed = a ^ (a << 11)
    const fresh = (d ^ (d >>> 19) ^ mixed ^ (mixed >>> 8)) >>> 0
    state.set([b, c, d, fresh])
    return fresh
  }
  for (let warm = 0; warm < 50; warm += 1) next()
  return () => ((next() >>> 5) * 0x400_0000 + (next() >>> 6)) / 0x20_0000_0000_0000
}

function coverage(seed: number, covers: (uniform: () => number) => boolean): number {
  const uniform = uniformsFrom(seed)
  let count = 0
  for (let index = 0; index < REPETITIONS; index += 1) count += covers(uniform) ? 1 : 0
  return count / REPETITIONS
}

function samples(n: number, draw: () => number): number[] {
  return Array.from({ length: n }, draw)
}

/** A binomial count by inverting the distribution function. */
function binomialDraw(u: number, n: number, p: number): number {
  return binomialQuantile(u, n, p)
}

/** Sum of three uniforms on 0..1000, less their mean: symmetric and bounded. */
const bump = (uniform: () => number) =>
  Math.floor(uniform() * 1001) + Math.floor(uniform() * 1001) + Math.floor(uniform() * 1001)

test('binomial › agrees with the exact sum of small cases', () => {
  const choose = (n: number, k: number): number =>
    k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k
  for (const n of [1, 2, 7, 30]) {
    for (const p of [0.01, 0.3, 0.5, 0.97]) {
      let sum = 0
      for (let k = 0; k <= n; k += 1) {
        sum += choose(n, k) * p ** k * (1 - p) ** (n - k)
        expect(binomialCdf(k, n, p)).toBeCloseTo(Math.min(1, sum), 12)
      }
    }
  }
  expect(binomialQuantile(0.5, 10, 0.5)).toBe(5)
  expect(binomialCdf(50_000, 100_000, 0.5)).toBeCloseTo(0.50126, 4)
})

test('proportion › covers the truth in 94 to 96 % of 10,000 cases', () => {
  const [n, p] = [5_000, 0.3]
  const known = new Map<number, ReturnType<typeof proportion>>()
  const intervalOf = (count: number) => {
    const found = known.get(count) ?? proportion(count, n)
    known.set(count, found)
    return found
  }
  const covered = coverage(1, (uniform) => {
    const { low, high } = intervalOf(binomialDraw(uniform(), n, p))
    return low <= p && p <= high
  })

  expect(covered).toBeGreaterThanOrEqual(0.94)
  expect(covered).toBeLessThanOrEqual(0.96)
})

test('proportion › nothing in n tries means about 3 / n', () => {
  for (const n of [100, 1_000, 10_000]) {
    const { value, low, high } = proportion(0, n)
    expect([value, low]).toEqual([0, 0])
    expect(high).toBeLessThanOrEqual(3 / n)
    expect(high).toBeGreaterThan(2.9 / n)
  }
  expect(proportion(10, 10)).toMatchObject({ value: 1, high: 1 })
  // Clopper and Pearson's own example: 8 of 10.
  expect(proportion(8, 10).low).toBeCloseTo(0.4439, 4)
  expect(proportion(8, 10).high).toBeCloseTo(0.9748, 4)
})

test.each([
  { q: 0.5, n: 1_000 },
  { q: 0.95, n: 2_000 },
  { q: 0.99, n: 5_000 },
])('quantile › the interval of p$q covers it in 94 to 96 % of 10,000 cases', ({ q, n }) => {
  const { low, high } = quantileRanks(n, q)
  // Of uniform samples, the number below q decides which order statistics enclose it.
  const covered = coverage(2, (uniform) => {
    const below = binomialDraw(uniform(), n, q)
    return below >= (low as number) && below < (high as number)
  })

  expect(covered).toBeGreaterThanOrEqual(0.94)
  expect(covered).toBeLessThanOrEqual(0.96)
})

test('quantile › the median of real samples is covered in 94 to 96 % of 10,000 cases', () => {
  const covered = coverage(3, (uniform) => {
    const sorted = samples(250, uniform).sort(ascending)
    const found = quantileOf(sorted, 0.5)
    return (found?.low as number) <= 0.5 && 0.5 <= (found?.high as number)
  })

  expect(covered).toBeGreaterThanOrEqual(0.94)
  expect(covered).toBeLessThanOrEqual(0.96)
})

test('quantile › what the sample cannot carry is not given', () => {
  const sorted = (n: number) => Array.from({ length: n }, (_, index) => index)

  expect(samplesFor(0.999)).toBe(3_000)
  expect(quantileOf(sorted(2_999), 0.999)).toBeNull()
  expect(quantileOf(sorted(3_000), 0.999)).toMatchObject({ value: 2_996, high: null })
  expect(quantileOf(sorted(5), 0.5)).toBeNull()
  expect(quantileOf(sorted(6), 0.5)).toEqual({ q: 0.5, value: 2, low: 0, high: 5 })
  expect(quantileOf(sorted(60), 0.95)?.high).toBeNull()
  expect(quantileOf(sorted(100), 0.95)).toEqual({ q: 0.95, value: 94, low: 89, high: 99 })
  expect(quantileOf([], 0.5)).toBeNull()
})

test('dkw › the band covers the whole distribution in 94 to 96 % of 10,000 cases', () => {
  const n = 500
  const width = dkwHalfWidth(n)
  const covered = coverage(4, (uniform) => {
    const sorted = samples(n, uniform).sort(ascending)
    return sorted.every((value, index) => {
      return (index + 1) / n - value <= width && value - index / n <= width
    })
  })

  expect(covered).toBeGreaterThanOrEqual(0.94)
  expect(covered).toBeLessThanOrEqual(0.96)
})

test('dkw › the interval of a bounded mean never covers less than it says', () => {
  const covered = coverage(5, (uniform) => {
    const sorted = samples(50, () => (uniform() < 0.2 ? 1 : 0)).sort(ascending)
    const { low, high } = boundedMeanInterval(sorted, { least: 0, most: 1 })
    return low <= 0.2 && 0.2 <= high
  })

  expect(covered).toBeGreaterThanOrEqual(0.95)
  const whole = boundedMeanInterval([0.5], { least: 0, most: 1 })
  expect(whole).toEqual({ low: 0, high: 1 })
})

test('mean › its interval covers it in 94 to 96 % of 10,000 cases', () => {
  const covered = coverage(6, (uniform) => {
    const { interval } = meanOf(samples(60, () => bump(uniform)))
    return (interval?.low as number) <= 1_500 && 1_500 <= (interval?.high as number)
  })

  expect(covered).toBeGreaterThanOrEqual(0.94)
  expect(covered).toBeLessThanOrEqual(0.96)
  expect(meanOf([1, 2, 6])).toEqual({ n: 3, value: 3, interval: null })
})

test('paired difference › finds a known difference that unpaired samples would hide', () => {
  const covered = coverage(7, (uniform) => {
    const luck = samples(60, () => Math.floor(uniform() * 1_000_000))
    const first = new Map(luck.map((value, run) => [run, value]))
    const second = new Map(luck.map((value, run) => [run, value + bump(uniform) - 1_000]))
    const found = pairedDifference(first, second)
    const { low, high } = (found as PairedDifference).mean.interval as Interval
    return low <= 500 && 500 <= high && high - low < 1_000
  })

  expect(covered).toBeGreaterThanOrEqual(0.94)
  expect(covered).toBeLessThanOrEqual(0.96)
  expect(pairedDifference(new Map([[1, 2]]), new Map([[2, 3]]))).toBeNull()
})

test('pareto › is what comparing all pairs gives', () => {
  const outcome = fc.option(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.bigInt(0n, 4n)), {
    freq: 12,
  })
  const cloud = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.record({
      better: fc.array(fc.constantFrom('less' as const, 'more' as const), {
        minLength: width,
        maxLength: width,
      }),
      points: fc.array(fc.array(outcome, { minLength: width, maxLength: width })),
    }),
  )
  fc.assert(
    fc.property(cloud, ({ better, points }) => {
      const loss = points.map((point) =>
        point.map((each, column) => {
          if (each === null) return null
          return better[column] === 'less' ? Number(each) : -Number(each)
        }),
      )
      const expected = loss.map((mine) => {
        if (mine.includes(null)) return false
        return !loss.some((other) => {
          if (other.includes(null)) return false
          const gaps = other.map((each, column) => (each as number) - (mine[column] as number))
          return gaps.every((gap) => gap <= 0) && gaps.some((gap) => gap < 0)
        })
      })

      expect(paretoSet(points, better)).toEqual(expected)
    }),
  )
})

test('ratio › covers the quotient of the means in 94 to 96 % of 10,000 cases', () => {
  // Runs that end early have few bytes and little gas; 40 a run are there without any byte.
  const pair = (uniform: () => number) => {
    const x = uniform() < 0.2 ? 0 : 200 + Math.floor(uniform() * 801)
    return [BigInt(40 + 2 * x + Math.floor(uniform() * 301)), BigInt(x)] as const
  }
  const truth = (40 + 2 * 0.8 * 600 + 150) / (0.8 * 600)
  const covered = coverage(9, (uniform) => {
    const { interval } = ratioOf(
      pairSums(Array.from({ length: 100 }, () => pair(uniform))),
    ) as Ratio
    const { low, high } = interval as Interval
    return low <= truth && truth <= high
  })

  expect(covered).toBeGreaterThanOrEqual(0.94)
  expect(covered).toBeLessThanOrEqual(0.96)
})

test('ratio › is a mean where every run has the same bytes, and nothing without any', () => {
  const values = Array.from({ length: 40 }, (_, index) => (index * 7_919) % 1_000)
  const ratio = ratioOf(pairSums(values.map((value) => [BigInt(value), 8n] as const)))
  const mean = meanOf(values)

  expect(ratio?.value).toBeCloseTo(mean.value / 8, 12)
  expect(ratio?.interval?.low).toBeCloseTo((mean.interval?.low ?? 0) / 8, 9)
  expect(ratio?.interval?.high).toBeCloseTo((mean.interval?.high ?? 0) / 8, 9)
  expect(ratioOf(pairSums([[3n, 2n]]))).toEqual({ n: 1, value: 1.5, interval: null })
  expect(ratioOf(pairSums([[3n, 0n]]))).toBeNull()
  expect(ratioOf(pairSums([]))).toBeNull()
})
