/**
 * Clocks: readings are monotonic where they must be, timers fire exactly when their clock says so,
 * and the wall clock differs from the true time by what the specification says.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ClockSpec, createClock, offsetRange, TRUE_CLOCK } from './clocks.ts'

const times = fc.integer({ min: 0, max: 10_000_000 })
const specs: fc.Arbitrary<ClockSpec> = fc.record({
  offsetMs: fc.integer({ min: -90_000, max: 90_000 }),
  driftPpm: fc.integer({ min: -500, max: 500 }),
  driftChanges: fc
    .array(fc.record({ fromMs: times, ppm: fc.integer({ min: -500, max: 500 }) }), { maxLength: 4 })
    .map((changes) => changes.sort((a, b) => a.fromMs - b.fromMs)),
  jumps: fc
    .array(fc.record({ atMs: times, byMs: fc.integer({ min: -300_000, max: 300_000 }) }), {
      maxLength: 4,
    })
    .map((jumps) => jumps.sort((a, b) => a.atMs - b.atMs)),
})

test('the monotonic clock never goes back, whatever the wall clock does', () => {
  fc.assert(
    fc.property(specs, times, fc.nat(5_000), (spec, atMs, laterMs) => {
      const clock = createClock(spec)
      expect(clock.monotonicMs(atMs + laterMs)).toBeGreaterThanOrEqual(clock.monotonicMs(atMs))
    }),
    { numRuns: 500 },
  )
})

test('a timer fires at the first millisecond at which its clock has reached the time', () => {
  fc.assert(
    fc.property(specs, times, (spec, wantedMs) => {
      const clock = createClock(spec)
      const trueMs = clock.trueMsAt(wantedMs)
      expect(clock.monotonicMs(trueMs)).toBeGreaterThanOrEqual(wantedMs)
      if (trueMs > 0) expect(clock.monotonicMs(trueMs - 1)).toBeLessThan(wantedMs)
    }),
    { numRuns: 500 },
  )
})

test('a wall clock is never further off than its range of offsets says', () => {
  fc.assert(
    fc.property(specs, times, times, times, (spec, a, b, within) => {
      const span = { fromMs: Math.min(a, b), untilMs: Math.max(a, b) }
      const atMs = Math.min(Math.max(within, span.fromMs), span.untilMs)
      const { leastMs, mostMs } = offsetRange(spec, span)
      const offsetMs = createClock(spec).wallMs(atMs) - atMs
      expect(offsetMs).toBeGreaterThanOrEqual(leastMs)
      expect(offsetMs).toBeLessThanOrEqual(mostMs)
    }),
    { numRuns: 500 },
  )
})

test('a drift of 200 ppm gains 720 ms in an hour; a jump moves the wall clock only', () => {
  const clock = createClock({ ...TRUE_CLOCK, driftPpm: 200, jumps: [{ atMs: 1000, byMs: -5000 }] })
  expect(clock.monotonicMs(3_600_000)).toBe(3_600_720)
  expect(clock.wallMs(3_600_000)).toBe(3_595_720)
  expect(clock.wallMs(999)).toBe(999)
})
