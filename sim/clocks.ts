/**
 * Clocks of participants: what each one reads when the true time is t.
 *
 * The wall clock has an offset, a drift and jumps, and is what a participant signs. The monotonic
 * clock has the drift only, as operating systems promise, and is what timers run on. Both are
 * integer arithmetic on piecewise linear segments. Participants must see nothing but their own
 * clock.
 */
import { assert } from '../models/kit/error.ts'

/** Largest drift that a clock may have, as the kernel's own clock discipline bounds it [A]. */
export const DRIFT_PPM_MAX = 500
const PPM_PER_WHOLE = 1_000_000

/** From `fromMs` of true time on, the clock gains `ppm` microseconds a second. */
export interface DriftChange {
  readonly fromMs: number
  readonly ppm: number
}

/** At `atMs` of true time the wall clock is set forward by `byMs` (backward when negative). */
export interface ClockJump {
  readonly atMs: number
  readonly byMs: number
}

export interface ClockSpec {
  readonly offsetMs: number
  readonly driftPpm: number
  /** In order of time; each replaces the drift before it. */
  readonly driftChanges: readonly DriftChange[]
  /** In order of time. */
  readonly jumps: readonly ClockJump[]
}

/** A clock without fault: what it reads is the true time. */
export const TRUE_CLOCK: ClockSpec = { offsetMs: 0, driftPpm: 0, driftChanges: [], jumps: [] }

export interface Clock {
  /** Reading of the wall clock at a true time, in milliseconds. */
  wallMs(trueMs: number): number
  /** Reading of the monotonic clock at a true time; never decreases. */
  monotonicMs(trueMs: number): number
  /** Earliest true time at which the monotonic clock reads at least `monotonicMs`. */
  trueMsAt(monotonicMs: number): number
}

interface Segment {
  readonly fromMs: number
  readonly monotonicMs: number
  readonly ppm: number
}

function reading({ fromMs, monotonicMs, ppm }: Segment, trueMs: number): number {
  const elapsedMs = trueMs - fromMs
  return monotonicMs + elapsedMs + Math.floor((elapsedMs * ppm) / PPM_PER_WHOLE)
}

function segmentsOf(spec: ClockSpec): readonly Segment[] {
  const segments: Segment[] = [{ fromMs: 0, monotonicMs: 0, ppm: spec.driftPpm }]
  for (const { fromMs, ppm } of spec.driftChanges) {
    const last = segments[segments.length - 1] as Segment
    assert(fromMs >= last.fromMs, 'changes of drift are in order of time')
    assert(Math.abs(ppm) <= DRIFT_PPM_MAX, `a drift is at most ${DRIFT_PPM_MAX} ppm`)
    segments.push({ fromMs, monotonicMs: reading(last, fromMs), ppm })
  }
  return segments
}

/** The clock of one participant. */
export function createClock(spec: ClockSpec): Clock {
  const segments = segmentsOf(spec)
  const first = segments[0] as Segment
  const isPerfect = segments.length === 1 && first.ppm === 0
  const segmentAt = (trueMs: number): Segment => {
    let found = first
    for (const segment of segments) if (segment.fromMs <= trueMs) found = segment
    return found
  }
  const monotonicMs = (trueMs: number): number =>
    isPerfect ? trueMs : reading(segmentAt(trueMs), trueMs)
  const trueMsAt = (wantedMs: number): number => {
    if (isPerfect) return wantedMs
    let segment = first
    for (const candidate of segments) if (candidate.monotonicMs <= wantedMs) segment = candidate
    const aheadMs = wantedMs - segment.monotonicMs
    let trueMs = segment.fromMs + Math.floor(aheadMs / (1 + segment.ppm / PPM_PER_WHOLE))
    // The quotient is at most a millisecond or two off; the clock itself has the last word.
    while (monotonicMs(trueMs) >= wantedMs && trueMs > 0) trueMs -= 1
    while (monotonicMs(trueMs) < wantedMs) trueMs += 1
    return trueMs
  }
  const wallMs = (trueMs: number): number => {
    let sumMs = monotonicMs(trueMs) + spec.offsetMs
    for (const { atMs, byMs } of spec.jumps) if (atMs <= trueMs) sumMs += byMs
    return sumMs
  }
  return { wallMs, monotonicMs, trueMsAt }
}

/** How far a wall clock runs ahead of (`mostMs`) and behind (`leastMs`) the true time in a span. */
export function offsetRange(
  spec: ClockSpec,
  span: { readonly fromMs: number; readonly untilMs: number },
): { readonly leastMs: number; readonly mostMs: number } {
  const clock = createClock(spec)
  const inside = [...spec.jumps.map(({ atMs }) => atMs), ...spec.driftChanges.map((c) => c.fromMs)]
  const turns = inside.flatMap((atMs) => [atMs - 1, atMs])
  const instants = [span.fromMs, span.untilMs, ...turns].filter(
    (atMs) => atMs >= span.fromMs && atMs <= span.untilMs,
  )
  const offsetsMs = instants.map((atMs) => clock.wallMs(atMs) - atMs)
  return { leastMs: Math.min(...offsetsMs), mostMs: Math.max(...offsetsMs) }
}
