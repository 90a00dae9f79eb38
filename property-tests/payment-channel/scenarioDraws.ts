/**
 * What is drawn for a run of the payment-channel world: deployment and terms, behaviour, and a
 * fault plan whose kinds and sizes belong to the regime. The ranges are those of the fault models
 * (their sources stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards short,
 * small, early.
 */
import fc from 'fast-check'
import { CHEATS, STRANGER_ATTEMPTS } from '../../sim/payment-channel/behaviour.ts'
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

/** Faults begin within this time: most channels here have ended by then. */
const FAULT_AT_SECONDS_MAX = 600

const fault = faultsWithin(FAULT_AT_SECONDS_MAX)

const PARTIES = ['payer', 'provider']
const CLOCKED = ['payer', 'provider', 'watcher']
const SENDERS = CLOCKED
const LINKS = [...PARTIES, 'payer.up', 'payer.down', 'provider.up', 'provider.down']

const connectivity: readonly FaultArbitrary[] = [
  fault('link-down', LINKS, 1_200, one),
  fault('message-delay', CLOCKED, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('message-duplication', PARTIES, 300, share),
  fault('message-reordering', PARTIES, 300, fc.integer({ min: 50, max: 5_000 })),
  fault('process-crash', CLOCKED, 300, one),
  fault('relayer-outage', ['watcher'], 600, one),
]
const clocks: readonly FaultArbitrary[] = [
  fault('clock-offset', CLOCKED, 0, offsetMs),
  fault('clock-drift', CLOCKED, 1_800, fc.integer({ min: -200, max: 200 })),
  fault('clock-jump', CLOCKED, 900, offsetMs),
]
const chain: readonly FaultArbitrary[] = [
  fault('base-fee-surge', ['chain'], 600, fc.integer({ min: 110, max: 10_000 })),
  fault('full-blocks', ['chain'], 600, fc.integer({ min: 1, max: 100_000 })),
  fault('dropped-transaction', SENDERS, 300, one),
  fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 7 })),
  fault('rpc-error', SENDERS, 600, share),
  fault('ambiguous-send', SENDERS, 300, share),
]
/**
 * A provider that is gone for longer than the shortest challenge and its request take, so that one
 * such fault suffices: it matters in every regime.
 */
const drop: FaultArbitrary = fault('link-down', ['provider'], 1_800, one, {
  atSecondsMax: 120,
  durationSecondsLeast: 150,
})

const FAULTS: Readonly<Record<string, readonly FaultArbitrary[]>> = {
  none: [],
  disconnect: [drop, drop, drop, ...connectivity],
  skew: [drop, drop, ...clocks, ...clocks],
  congestion: [drop, ...chain],
  mixed: [drop, drop, ...connectivity, ...clocks, ...chain],
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

/** Shrinks to a plain token; the others leave shares to be claimed. */
const token = rarely(
  'plain6',
  8,
  fc.constantFrom('refusesProviders', 'refusesPayers', 'refusesAll'),
)

/** Of the behaviour, and the token of the channel. */
const behaviour = fc.record({
  token,
  beginsAtMs: fc.constant(0),
  bytesPerSecond: fc
    .integer({ min: 0, max: 20 })
    .map((slowness) => 10_000_000 - slowness * 475_000),
  depositBps: rarely(10_000, 30, fc.integer({ min: 1_000, max: 9_500 })),
  topsUpAheadBps: fc.integer({ min: 0, max: 3_000 }),
  takesBps: rarely(10_000, 25, fc.integer({ min: 500, max: 9_999 })),
  signs: rarely('always', 12, fc.constantFrom('stops', 'replays', 'forges')),
  signsUntilBps: fc.integer({ min: 0, max: 9_500 }),
  payerEnds: fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant('forces'), weight: 6 },
    { arbitrary: fc.constant('cooperates'), weight: 3 },
    { arbitrary: fc.constant('vanishes'), weight: 3 },
  ),
  lingersMs: seconds(0, 120),
  preys: chance(50),
  payerPatienceMs: seconds(20, 120),
  providerPatienceMs: seconds(60, 600),
  redeemsAtBps: rarely(0, 40, fc.integer({ min: 500, max: 6_000 })),
  providerWaits: chance(40),
  endsChallenges: chance(50),
  hasWatcher: chance(60),
  cheats: rarely('no', 15, fc.constantFrom(...CHEATS)),
  keepsBack: rarely(0, 50, fc.integer({ min: 1, max: 3 })),
  stranger: fc.array(
    fc.record({ atMs: seconds(1, 900), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
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
    profiles: ['l1', 'l2', 'l2', 'fast'],
    limits,
  })
}
