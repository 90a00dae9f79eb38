/**
 * What is drawn for a run of the withdrawal world: deployment, behaviour, and a fault plan whose
 * kinds and sizes belong to the regime. The ranges are those of the fault models (their sources
 * stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards few, short, early.
 * Hours of the ordinary worlds are minutes here, so that faults meet what happens.
 */
import fc from 'fast-check'
import { ANSWERS, STRANGER_ATTEMPTS, VERDICTS } from '../../sim/withdrawal/behaviour.ts'
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

/** Faults begin within this time: most requests have been answered by then. */
const FAULT_AT_SECONDS_MAX = 1_200

const fault = faultsWithin(FAULT_AT_SECONDS_MAX)

const PEOPLE = ['teacher0', 'teacher1', 'admin0', 'admin1']
const CLOCKED = ['platform', ...PEOPLE, 'bank', 'rail']
const SENDERS = ['platform', ...PEOPLE, 'bank']
const LINKS = [...PEOPLE, 'teacher0.up', 'teacher0.down', 'admin0.up', 'admin0.down']

const connectivity: readonly FaultArbitrary[] = [
  fault('link-down', LINKS, 1_200, one),
  fault('message-delay', CLOCKED, 300, fc.integer({ min: 50, max: 60_000 })),
  fault('message-duplication', CLOCKED, 600, share),
  fault('message-reordering', CLOCKED, 600, fc.integer({ min: 50, max: 60_000 })),
  fault('process-crash', CLOCKED, 300, one),
  fault('process-crash', ['bank', 'rail'], 600, one),
  fault('relayer-outage', ['platform', 'bank'], 600, one),
]
const clocks: readonly FaultArbitrary[] = [
  fault('clock-offset', CLOCKED, 0, offsetMs),
  fault('clock-drift', CLOCKED, 3_600, fc.integer({ min: -200, max: 200 })),
  fault('clock-jump', CLOCKED, 1_800, offsetMs),
]
const chain: readonly FaultArbitrary[] = [
  fault('base-fee-surge', ['chain'], 600, fc.integer({ min: 110, max: 10_000 })),
  fault('full-blocks', ['chain'], 600, fc.integer({ min: 1, max: 100_000 })),
  fault('dropped-transaction', SENDERS, 300, one),
  fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 7 })),
  fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 2 })),
  fault('rpc-error', SENDERS, 600, share),
  fault('ambiguous-send', SENDERS, 300, share),
]

const FAULTS: Readonly<Record<string, readonly FaultArbitrary[]>> = {
  none: [],
  disconnect: connectivity,
  skew: clocks,
  congestion: chain,
  mixed: [...connectivity, ...clocks, ...chain],
}

/** Regimes in the order of reports. */
export const SCENARIO_REGIMES: readonly string[] = Object.keys(FAULTS)

/** The first value, or, with so many chances in a hundred, one of the others. */
function rarely<Value>(usual: Value, percent: number, other: fc.Arbitrary<Value>) {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(usual), weight: 100 - percent },
    { arbitrary: other, weight: percent },
  )
}

const teacher = rarely(0, 30, fc.constant(1))

const request = fc.record({
  teacher,
  atMs: seconds(0, 600),
  shareBps: rarely(10_000, 50, fc.integer({ min: 500, max: 9_999 })),
  asksAgain: chance(60),
  verdict: rarely<string>('approve', 25, fc.constantFrom(...VERDICTS)),
  isClosed: chance(15),
  checkMs: seconds(1, 300),
  settleMs: seconds(1, 900),
  answers: rarely<string>('once', 45, fc.constantFrom(...ANSWERS)),
  lateMs: seconds(60, 7_200),
  returns: rarely(0, 20, fc.integer({ min: 1, max: 2 })),
})

/** Mostly at work; otherwise for some hours that begin around 8, when the world begins. */
const admin = (thinkMs: fc.Arbitrary<number>) =>
  fc
    .record({
      thinkMs,
      hasHours: chance(30),
      fromMinute: fc.integer({ min: 420, max: 540 }),
      minutes: fc.integer({ min: 30, max: 480 }),
    })
    .map(({ thinkMs, hasHours, fromMinute, minutes }) => ({
      fromMinute: hasHours ? fromMinute : 0,
      untilMinute: hasHours ? fromMinute + minutes : 1_440,
      thinkMs,
    }))

/** Seconds that shrink towards the most: who is patient and slow does less. */
const longSeconds = (least: number, most: number) =>
  seconds(0, most - least).map((lessMs) => most * 1_000 - lessMs)

const behaviour = fc.record({
  /** The token of all withdrawals; one that refuses the bank leaves payments to be claimed. */
  token: rarely('plain6', 8, fc.constantFrom('refusesProviders', 'refusesAll')),
  earnings: fc.array(
    fc.record({
      teacher,
      atMs: seconds(0, 300),
      sessionBps: rarely(10_000, 50, fc.integer({ min: 1_000, max: 20_000 })),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  requests: fc.array(request, { minLength: 1, maxLength: 3 }),
  teacherPatienceMs: longSeconds(30, 7_200),
  admin0: admin(seconds(0, 300)),
  admin1: admin(longSeconds(0, 300)),
  adminPatienceMs: longSeconds(30, 900),
  adminRetries: fc.nat(2),
  takesCommission: chance(30),
  stranger: fc.array(
    fc.record({ atMs: seconds(1, 1_800), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
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
    profiles: ['l1', 'l2', 'l2'],
    limits,
  })
}
