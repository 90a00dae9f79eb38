/**
 * What is drawn for a run of the attendance-hold world: deployment and terms, behaviour, and a fault
 * plan whose kinds and sizes belong to the regime. The ranges are those of the fault models (their
 * sources stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards short, small,
 * early, and a lesson to one in which both are there from beginning to end.
 */
import fc from 'fast-check'
import { CHEATS, STRANGER_ATTEMPTS, type Visit } from '../../sim/attendance-hold/behaviour.ts'
import { rarely } from '../kit/rarely.ts'
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

/** Faults begin within this time: most lessons here are over by then, and many holds resolved. */
const FAULT_AT_SECONDS_MAX = 1_800

const fault = faultsWithin(FAULT_AT_SECONDS_MAX)

const SIDES = ['student', 'teacher']
const KEEPERS = ['keeper', 'secondKeeper']
const SERVICES = ['attestor', ...KEEPERS]
const CLOCKED = [...SIDES, 'room', ...SERVICES]
const SENDERS = [...SIDES, ...SERVICES]
const LINKS = [...SIDES, 'student.up', 'student.down', 'teacher.up', 'teacher.down']

/** Services have clocks that are set by others: what is left is small (FAULTS: up to 500 ms). */
const synced = fc.integer({ min: -500, max: 500 })
const delayed = fc.integer({ min: 50, max: 5_000 })

const connectivity: readonly FaultArbitrary[] = [
  fault('link-down', LINKS, 900, one),
  fault('message-delay', [...SIDES, 'room'], 120, delayed),
  fault('message-duplication', [...SIDES, 'room'], 600, share),
  fault('message-reordering', [...SIDES, 'room'], 600, delayed),
  fault('process-crash', CLOCKED, 240, one),
  fault('relayer-outage', SERVICES, 600, one),
]
const clocks: readonly FaultArbitrary[] = [
  fault('clock-offset', [...SIDES, ...KEEPERS], 0, offsetMs),
  fault('clock-offset', ['room', 'attestor'], 0, synced),
  fault('clock-drift', CLOCKED, 1_800, fc.integer({ min: -200, max: 200 })),
  fault('clock-jump', SIDES, 900, offsetMs),
  fault('clock-jump', ['room', 'attestor', ...KEEPERS], 900, offsetMs, { atSecondsMax: 900 }),
]
const chain: readonly FaultArbitrary[] = [
  fault('base-fee-surge', ['chain'], 600, fc.integer({ min: 110, max: 10_000 })),
  fault('full-blocks', ['chain'], 600, fc.integer({ min: 1, max: 100_000 })),
  fault('dropped-transaction', SENDERS, 300, one),
  fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 7 })),
  fault('rpc-error', SENDERS, 600, share),
  fault('ambiguous-send', SENDERS, 300, share),
]
/** A student who loses the connection in the lesson and comes back: it matters in every regime. */
const drop: FaultArbitrary = fault('link-down', ['student'], 300, one, {
  atSecondsMax: 600,
  durationSecondsLeast: 20,
})

const FAULTS: Readonly<Record<string, readonly FaultArbitrary[]>> = {
  none: [],
  disconnect: [drop, ...connectivity],
  skew: [drop, ...clocks],
  congestion: [drop, ...chain],
  mixed: [drop, ...connectivity, ...clocks, ...chain],
}

/** Regimes in the order of reports. */
export const SCENARIO_REGIMES: readonly string[] = Object.keys(FAULTS)

/** Shrinks to a plain token; the others leave shares to be claimed. */
const token = rarely(
  'plain6',
  8,
  fc.constantFrom('refusesProviders', 'refusesPayers', 'refusesPlatform', 'refusesAll'),
)

const WHOLE: readonly Visit[] = [{ fromBps: 0, untilBps: 10_000 }]
/** Up to three visits, one after the other, the first from a while before the start on. */
const visits: fc.Arbitrary<readonly Visit[]> = fc
  .array(
    fc.record({
      awayBps: fc.integer({ min: 10, max: 3_000 }),
      staysBps: fc.integer({ min: 50, max: 9_000 }),
    }),
    { maxLength: 3 },
  )
  .map((parts) => {
    let fromBps = -500
    return parts.map(({ awayBps, staysBps }) => {
      const visit = { fromBps: fromBps + awayBps, untilBps: fromBps + awayBps + staysBps }
      fromBps = visit.untilBps
      return visit
    })
  })

/** Delays of webhooks in turn: some late, some so late that they are for nothing. */
const delays = fc.array(
  fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.integer({ min: 20, max: 4_000 }), weight: 3 },
    { arbitrary: seconds(5, 900), weight: 1 },
  ),
  { minLength: 1, maxLength: 5 },
)
const copies = fc.array(fc.oneof({ withCrossShrink: true }, fc.constant(0), seconds(1, 1_200)), {
  minLength: 1,
  maxLength: 4,
})

const forgery = fc.record({
  atBps: fc.integer({ min: 0, max: 11_000 }),
  ofBps: fc.integer({ min: 0, max: 10_000 }),
  kind: fc.constantFrom('joined', 'left', 'finished'),
  connection: fc.nat(2),
})
const phase = fc.nat(9_999)

/** Of the behaviour, and the token of the hold. */
const behaviour = fc.record({
  token,
  beginsAtMs: fc.constant(0),
  isReferred: chance(50),
  studentVisits: rarely(WHOLE, 60, visits),
  teacherVisits: rarely(WHOLE, 35, visits),
  teacherCloses: chance(50),
  noticesMs: fc.integer({ min: 100, max: 2_000 }),
  silenceMs: seconds(5, 30),
  emptyMs: seconds(20, 120),
  curfewMs: seconds(30, 300),
  delaysMs: rarely([], 60, delays),
  copiesMs: rarely([], 50, copies),
  lostLeaves: rarely([], 15, fc.array(fc.nat(3), { minLength: 1, maxLength: 2 })),
  losesFinish: chance(6),
  forgeries: rarely([], 25, fc.array(forgery, { minLength: 1, maxLength: 2 })),
  keepers: fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant('both'), weight: 6 },
    { arbitrary: fc.constant('one'), weight: 2 },
    { arbitrary: fc.constant('none'), weight: 2 },
  ),
  phaseBps: phase,
  secondPhaseBps: phase,
  worksMs: fc.integer({ min: 50, max: 5_000 }),
  helps: fc.constantFrom('both', 'student', 'teacher'),
  cheats: rarely('no', 15, fc.constantFrom(...CHEATS)),
  stranger: fc.array(
    fc.record({ atMs: seconds(1, 2_400), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
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
    behaviour: behaviour as fc.Arbitrary<ScenarioDraw['behaviour']>,
    cases,
    profiles: ['l1', 'l2', 'l2', 'fast'],
    limits,
  })
}
