/**
 * What is drawn for a run of the progressive-escrow world: parameters, behaviour, and a fault plan
 * whose kinds and sizes belong to the regime. The ranges are those of the fault models (their
 * sources stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards short, small
 * and early, behaviour towards a call in which nobody pauses and nobody interferes.
 */
import fc from 'fast-check'
import { STRANGER_ATTEMPTS } from '../../sim/progressive-escrow/behaviour.ts'
import {
  chance,
  type DrawLimits,
  drawsOf,
  type FaultArbitrary,
  faultsWithin,
  offsetMs,
  one,
  seconds,
  share,
} from '../kit/scenarioArbitraries.ts'
import type { ScenarioDraw } from '../kit/scenarioPlayer.ts'

/** Faults begin within this time: most sessions that are drawn are shorter. */
const FAULT_AT_SECONDS_MAX = 900

const fault = faultsWithin(FAULT_AT_SECONDS_MAX)

const SIDES = ['student', 'mentor']
const ACTIVE = ['student', 'mentor', 'keeper']

const links = [...SIDES, 'student.up', 'student.down', 'mentor.up', 'mentor.down']
const timers = ['student.heartbeat', 'mentor.heartbeat', 'mentor.release']
const connectivity: readonly FaultArbitrary[] = [
  fault('link-down', links, 900, one),
  fault('message-delay', ACTIVE, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('message-duplication', ACTIVE, 120, share),
  fault('message-reordering', ACTIVE, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('relayer-outage', ['keeper'], 900, one),
  fault('process-crash', ACTIVE, 120, one),
  fault('timer-throttle', timers, 900, fc.constantFrom(1_000, 60_000)),
]
const clocks: readonly FaultArbitrary[] = [
  fault('clock-offset', ACTIVE, 0, offsetMs),
  fault('clock-drift', ACTIVE, 1_800, fc.integer({ min: -200, max: 200 })),
  fault('clock-jump', ACTIVE, 600, offsetMs),
]
const chain: readonly FaultArbitrary[] = [
  fault('base-fee-surge', ['chain'], 600, fc.integer({ min: 110, max: 10_000 })),
  fault('full-blocks', ['chain'], 600, fc.integer({ min: 1, max: 100_000 })),
  fault('dropped-transaction', ACTIVE, 60, one),
  fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 7 })),
  fault('rpc-error', ACTIVE, 300, share),
  fault('ambiguous-send', ACTIVE, 300, share),
]
/**
 * A side that is gone early on, for longer than interval and grace: what heartbeats and pauses are
 * about, in every regime.
 */
const lasting = { atSecondsMax: 240, durationSecondsLeast: 150 }
const drop: FaultArbitrary = fault('link-down', SIDES, 1_200, one, lasting)

const FAULTS: Readonly<Record<string, readonly FaultArbitrary[]>> = {
  none: [],
  disconnect: [drop, drop, ...connectivity],
  skew: [drop, drop, drop, ...clocks, ...clocks],
  congestion: [drop, drop, ...chain],
  mixed: [drop, drop, ...connectivity, ...clocks, ...chain],
}

/** Regimes in the order of reports. */
export const SCENARIO_REGIMES: readonly string[] = Object.keys(FAULTS)

const side = fc.constantFrom('mentor' as const, 'student' as const)

const minutes = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.integer({ min: 3, max: 6 }), weight: 6 },
  { arbitrary: fc.integer({ min: 7, max: 20 }), weight: 4 },
  { arbitrary: fc.constant(60), weight: 1 },
)
/** Shrinks to a plain token; the others leave shares to be claimed. */
const token = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.constant('plain6'), weight: 9 },
  { arbitrary: fc.constantFrom('refusesProviders', 'refusesPlatform', 'refusesAll'), weight: 1 },
)

/** Of the behaviour, and two terms of the agreement. */
const behaviour = fc.record({
  durationMinutes: minutes,
  token,
  createAtMs: fc.constant(0),
  studentDelayMs: seconds(1, 40),
  mentorDelayMs: seconds(1, 40),
  studentComes: chance(7).map((stays) => !stays),
  mentorComes: chance(5).map((stays) => !stays),
  starts: fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant('mentor'), weight: 4 },
    { arbitrary: fc.constant('student'), weight: 1 },
  ),
  patienceMs: seconds(60, 900),
  callMs: fc.oneof(
    { withCrossShrink: true },
    { arbitrary: seconds(10, 300), weight: 2 },
    { arbitrary: seconds(300, 900), weight: 2 },
    { arbitrary: seconds(3_500, 4_200), weight: 6 },
  ),
  hangsUp: side,
  studentCompletes: chance(25).map((vanishes) => !vanishes),
  rating: fc.integer({ min: 1, max: 5 }),
  pauses: fc.array(fc.record({ atMs: seconds(10, 600), durationMs: seconds(1, 300), by: side }), {
    maxLength: 2,
  }),
  stranger: fc.array(
    fc.record({ atMs: seconds(20, 900), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
    { maxLength: 3 },
  ),
})

/** Draws of one regime; `cases` is the number of deployments to choose from. */
export function scenarioDraws(
  regime: string,
  cases: number,
  limits?: DrawLimits,
): fc.Arbitrary<ScenarioDraw> {
  return drawsOf({
    faults: FAULTS[regime] ?? [],
    behaviour,
    cases,
    profiles: ['l2', 'l1', 'fast'],
    limits,
  })
}
