/**
 * What is drawn for a run of the token-job world: parameters, behaviour, and a fault plan whose
 * kinds and sizes belong to the regime. The ranges are those of the fault models (their sources
 * stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards short, small, early.
 */
import fc from 'fast-check'
import { FORGERIES, RATES, STRANGER_ATTEMPTS } from '../../sim/token-job/behaviour.ts'
import {
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
const FAULT_AT_MS_MAX = 15 * MINUTE_MS

const fault = faultsWithin(FAULT_AT_MS_MAX / 1000)

const PARTIES = ['user', 'host']
const CLOCKED = ['user', 'host', 'registry', 'treasury']
const SENDERS = ['user', 'host', 'treasury']
const LINKS = [...PARTIES, 'user.up', 'user.down', 'host.up', 'host.down']

const connectivity: readonly FaultArbitrary[] = [
  fault('link-down', LINKS, 900, one),
  fault('message-delay', CLOCKED, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('message-duplication', CLOCKED, 120, share),
  fault('message-reordering', CLOCKED, 120, fc.integer({ min: 50, max: 5_000 })),
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
/** A party that is gone for a while: it matters in every regime. */
const drop: FaultArbitrary = fault('link-down', PARTIES, 900, one)

const FAULTS: Readonly<Record<string, readonly FaultArbitrary[]>> = {
  none: [],
  disconnect: connectivity,
  skew: [drop, ...clocks, ...clocks],
  congestion: [drop, ...chain, ...chain],
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

const model = fc.constantFrom('fast' as const, 'slow' as const)
/** Rates within a factor of two of the medians; they shrink towards fast ones. */
const modelAndRate = fc
  .tuple(
    fc.constantFrom<'fast' | 'slow'>('fast', 'fast', 'slow'),
    fc.integer({ min: 50, max: 200 }),
  )
  .map(([name, slowness]) => ({
    model: name,
    tokensPerMinute: Math.floor((RATES[name].medianPerMinute * 100) / slowness),
  }))

const bothModels = [
  { active: true, model: 'fast' as const },
  { active: true, model: 'slow' as const },
]
const listed = fc.array(fc.record({ active: fc.boolean(), model }), { maxLength: 5 })

/** Answers of up to 4,000 tokens, half of them below 1,000. */
const answerTokens = fc.integer({ min: 1, max: 4_000 }).map((n) => Math.ceil((n * n) / 4_000))
const prompt = fc.record({ tokens: answerTokens, thinkMs: seconds(1, 60) })

const behaviour = fc
  .record({
    beginsAtMs: fc.constant(0),
    allowanceUnits: rarely(0, 30, fc.integer({ min: 1, max: 30_000_000 })),
    rate: modelAndRate,
    hosts: rarely([...bothModels], 25, listed),
    pick: fc.nat(9),
    searchesMost: fc.integer({ min: 1, max: 4 }),
    firstTokenMs: fc.integer({ min: 100, max: 3_000 }),
    prompts: fc.array(prompt, { minLength: 1, maxLength: 5 }),
    userLeaves: fc.oneof(
      { withCrossShrink: true },
      { arbitrary: fc.constant('satisfied'), weight: 5 },
      { arbitrary: fc.constant('early'), weight: 5 },
      { arbitrary: fc.constant('vanishes'), weight: 1 },
    ),
    leavesAfterTokens: fc.integer({ min: 1, max: 1_500 }),
    userPatienceMs: seconds(30, 180),
    hostPatienceMs: seconds(120, 600),
    hostVanishesAfterTokens: rarely(0, 5, fc.integer({ min: 1, max: 3_000 })),
    overClaimsBps: rarely(0, 20, fc.integer({ min: 100, max: 5_000 })),
    forgery: fc.constantFrom(...FORGERIES),
    treasuryEveryMs: rarely(0, 50, seconds(30, 900)),
    stranger: fc.array(
      fc.record({ atMs: seconds(5, 900), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
      { maxLength: 3 },
    ),
  })
  .map(({ rate, ...rest }) => ({ ...rest, ...rate }))

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
    // Slow blocks more often: they are what a fast model outruns.
    profiles: ['l2', 'l1', 'l1', 'fast'],
    limits,
  })
}
