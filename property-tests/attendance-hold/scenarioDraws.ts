/**
 * What is drawn for a run of the attendance-hold world: deployment and terms, behaviour, and a
 * fault plan whose kinds and sizes belong to the regime. The ranges are those of the fault models
 * (their sources stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards short,
 * small, early, and a lesson to one in which both are there from beginning to end.
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
/** Nothing in the world of a lesson is later. */
const LATEST_BPS = 30_000
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
    let latestBps = -500
    const after = (bps: number) => {
      latestBps = Math.min(LATEST_BPS, latestBps + bps)
      return latestBps
    }
    return parts.map(({ awayBps, staysBps }) => {
      return { fromBps: after(awayBps), untilBps: after(staysBps) }
    })
  })

const event = fc.nat(7)
/** Some webhooks are late, and some so late that they are for nothing. */
const late = fc.array(fc.record({ event, byMs: seconds(5, 900) }), { minLength: 1, maxLength: 4 })
const copies = fc.array(fc.record({ event, afterBps: fc.integer({ min: 50, max: 12_000 }) }), {
  ...{ minLength: 1, maxLength: 4 },
})

const forgery = fc.record({
  atBps: fc.integer({ min: 0, max: 11_000 }),
  ofBps: fc.integer({ min: 0, max: 10_000 }),
  kind: fc.constantFrom('joined', 'left', 'finished'),
  connection: fc.nat(2),
})
const phase = fc.nat(9_999)
/** In so many of a hundred what makes a run shorter, to which it shrinks. */
function shorter<Value>(short: Value, percent: number, ...others: readonly Value[]) {
  return rarely(short, 100 - percent, fc.constantFrom(...others))
}

/** Of the behaviour, and the token of the hold. */
const anyBehaviour = {
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
  webhookMs: fc.integer({ min: 20, max: 4_000 }),
  late: rarely([], 40, late),
  copies: rarely([], 40, copies),
  lostLeaves: rarely([], 15, fc.array(fc.nat(3), { minLength: 1, maxLength: 2 })),
  losesFinish: shorter(true, 8, false),
  forgeries: rarely([], 25, fc.array(forgery, { minLength: 1, maxLength: 2 })),
  keepers: shorter('none', 20, 'both', 'both', 'both', 'one'),
  phaseBps: phase,
  secondPhaseBps: phase,
  worksMs: fc.integer({ min: 50, max: 5_000 }),
  helps: fc.constantFrom('student', 'teacher', 'both'),
  cheats: rarely('no', 15, fc.constantFrom(...CHEATS)),
  stranger: fc.array(
    fc.record({ atMs: seconds(1, 2_400), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
    { maxLength: 3 },
  ),
}

/** A student comes back, and the webhook of its first coming does so too, while it is there. */
const comingBack = {
  ...anyBehaviour,
  studentVisits: fc
    .tuple(fc.integer({ min: 1_000, max: 3_500 }), fc.integer({ min: 9_300, max: 10_000 }))
    .map(([leavesBps, untilBps]) => [
      { fromBps: 0, untilBps: leavesBps },
      { fromBps: leavesBps + 500, untilBps },
    ]),
  teacherVisits: fc.constant([{ fromBps: 100, untilBps: 10_100 }]),
  lostLeaves: fc.constant([]),
  late: fc.constant([]),
  copies: fc.integer({ min: 4_500, max: 9_000 }).map((afterBps) => [{ event: 0, afterBps }]),
}

/** Stories in turn, so that a few runs put every claim to the test; the first is any lesson. */
const BEHAVIOURS: readonly Readonly<Record<string, fc.Arbitrary<unknown>>>[] = [
  anyBehaviour,
  comingBack,
]
export const STORIES = BEHAVIOURS.length

/** Draws of one regime; `cases` is the number of deployments to choose from. */
export function scenarioDraws(
  regime: string,
  cases: number,
  limits?: DrawLimits,
): fc.Arbitrary<ScenarioDraw> {
  return drawsOf({
    faults: FAULTS[regime] ?? [],
    behaviour: fc.record(BEHAVIOURS[limits?.story ?? 0] ?? anyBehaviour) as fc.Arbitrary<
      ScenarioDraw['behaviour']
    >,
    cases,
    profiles: ['l1', 'l2', 'l2', 'fast'],
    limits,
  })
}
