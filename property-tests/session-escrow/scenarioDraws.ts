/**
 * What is drawn for a run of the session-escrow world: parameters, behaviour, and a fault plan
 * whose kinds and sizes belong to the regime. The ranges are those of the fault models (their
 * sources stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards short, small
 * and early.
 */
import fc from 'fast-check'
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

const MINUTE_MS = 60_000
/** Faults begin within this time. */
const FAULT_AT_MS_MAX = 40 * MINUTE_MS

const fault = faultsWithin(FAULT_AT_MS_MAX / 1000)

const SIDES = ['student', 'tutor']
const CLOCKED = ['student', 'tutor', 'service', 'relayer']
const SENDERS = ['student', 'tutor', 'relayer']

const connectivity: readonly FaultArbitrary[] = [
  fault('link-down', [...SIDES, 'student.up', 'student.down', 'tutor.up', 'tutor.down'], 900, one),
  fault('heartbeat-loss', SIDES, 60, share),
  fault('message-delay', CLOCKED, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('message-duplication', CLOCKED, 120, share),
  fault('message-reordering', CLOCKED, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('relayer-outage', ['relayer'], 900, one),
  fault('process-crash', CLOCKED, 120, one),
]
const clocks: readonly FaultArbitrary[] = [
  fault('clock-offset', CLOCKED, 0, offsetMs),
  fault('clock-drift', CLOCKED, 1_800, fc.integer({ min: -200, max: 200 })),
  fault('clock-jump', CLOCKED, 600, offsetMs),
]
const chain: readonly FaultArbitrary[] = [
  fault('base-fee-surge', ['chain'], 600, fc.integer({ min: 110, max: 10_000 })),
  fault('full-blocks', ['chain'], 600, fc.integer({ min: 1, max: 100_000 })),
  fault('dropped-transaction', SENDERS, 60, one),
  fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 7 })),
  fault('rpc-error', SENDERS, 300, share),
  fault('ambiguous-send', SENDERS, 300, share),
]
/** A side that is gone: what detection, relaying and inclusion are about, in every regime. */
const drop: FaultArbitrary = fault('link-down', SIDES, 900, one)

const FAULTS: Readonly<Record<string, readonly FaultArbitrary[]>> = {
  none: [],
  disconnect: connectivity,
  skew: [drop, ...clocks, ...clocks],
  congestion: [drop, ...chain],
  mixed: [...connectivity, ...clocks, ...chain],
}

/** Regimes in the order of reports. */
export const SCENARIO_REGIMES: readonly string[] = Object.keys(FAULTS)

const STRANGER_ATTEMPTS = [
  'forged-ping',
  'foreign-ping',
  'replayed-ping',
  'stop',
  'stop-forged',
  'settle',
  'cancel',
] as const

const behaviour = fc.record({
  depositAtMs: fc.constant(0),
  studentJoinDelayMs: seconds(1, 20),
  tutorJoinDelayMs: seconds(1, 60),
  studentComes: chance(3).map((stays) => !stays),
  tutorComes: chance(5).map((stays) => !stays),
  patienceMs: seconds(60, 600),
  callMs: fc.oneof(
    { arbitrary: seconds(30, 600), weight: 4 },
    { arbitrary: seconds(600, 2_700), weight: 2 },
    { arbitrary: seconds(3_500, 4_200), weight: 1 },
  ),
  hangsUp: fc.constantFrom('student', 'tutor'),
  topsUp: chance(40),
  tutorForges: fc.oneof(
    { arbitrary: fc.constant('no'), weight: 6 },
    { arbitrary: fc.constantFrom('forged', 'altered', 'foreign', 'crossed'), weight: 1 },
  ),
  stranger: fc.array(
    fc.record({ atMs: seconds(20, 1_800), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
    { maxLength: 4 },
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
    profiles: ['l1', 'l2', 'fast'],
    limits,
  })
}
