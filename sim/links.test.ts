/**
 * Links: outages have the stationary share that their process implies, messages the losses and
 * delays of their conditions, and one link's luck is none of another's.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stream, streamsOf } from './kernel/random.ts'
import {
  createLink,
  drawOutages,
  type LinkConditions,
  NO_DISTURBANCE,
  stationaryDownBps,
} from './links.ts'

const conditions: LinkConditions = {
  latency: { shiftMs: 20, medianMs: 25, sigma: 0.5 },
  lossBps: 500,
  duplicationBps: 200,
  clogBps: 100,
  clogMeanMs: 500,
}

test('the share of time down is the stationary one, within five standard errors', () => {
  // Each run starts in the stationary state, so shares of independent runs average to it without
  // bias; with a sojourn sum of 40 s in 400 s, the variance of one share is at most 2 π_down / 10.
  const process = { meanUpMs: 30_000, meanDownMs: 10_000 }
  const horizonMs = 400_000
  const runs = 2_000
  let downMs = 0
  for (let run = 0; run < runs; run += 1) {
    const outages = drawOutages(process, stream({ seed: 9, run }, 'outage'), horizonMs)
    downMs += outages.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0)
  }
  const share = downMs / (runs * horizonMs)
  expect(stationaryDownBps(process)).toBe(2500)
  expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt(0.05 / runs))
})

test('outages are in order, apart from each other and inside the horizon', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 5000 }), (seed, meanDownMs) => {
      const process = { meanUpMs: 3000, meanDownMs }
      const outages = drawOutages(process, stream({ seed, run: 0 }, 'outage'), 60_000)
      let beforeMs = -1
      for (const { fromMs, untilMs } of outages) {
        expect(fromMs).toBeGreaterThan(beforeMs)
        expect(untilMs).toBeGreaterThan(fromMs)
        expect(untilMs).toBeLessThanOrEqual(60_000)
        beforeMs = untilMs
      }
    }),
    { numRuns: 200 },
  )
})

test('losses and duplicates come at their rates, within five standard errors', () => {
  const link = createLink('a', conditions, streamsOf({ seed: 4, run: 0 }))
  const passages = Array.from({ length: 40_000 }, () => link.pass(NO_DISTURBANCE))
  const lost = passages.filter(({ length }) => length === 0).length
  const doubled = passages.filter(({ length }) => length === 2).length
  expect(Math.abs(lost / 40_000 - 0.05)).toBeLessThan(0.0055)
  expect(Math.abs(doubled / 40_000 - 0.02 * 0.95)).toBeLessThan(0.0036)
  expect(passages.flat().every((delayMs) => delayMs >= 20)).toBe(true)
})

test('message number n meets the same luck whatever another link carries', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(20), (seed, others) => {
      const quiet = streamsOf({ seed, run: 0 })
      const busy = streamsOf({ seed, run: 0 })
      const other = createLink('b', conditions, busy)
      for (let sent = 0; sent < others; sent += 1) other.pass(NO_DISTURBANCE)
      const alone = createLink('a', conditions, quiet)
      const beside = createLink('a', conditions, busy)
      for (let sent = 0; sent < 20; sent += 1) {
        expect(beside.pass(NO_DISTURBANCE)).toEqual(alone.pass(NO_DISTURBANCE))
      }
    }),
    { numRuns: 50 },
  )
})
