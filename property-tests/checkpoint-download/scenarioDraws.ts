/**
 * What is drawn for a run of the checkpoint-download world: deployment, terms, behaviour, and a
 * fault plan whose kinds and sizes belong to the regime. The ranges are those of the fault models
 * (their sources stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards short,
 * small, early, one seeder.
 */
import fc from 'fast-check'
import { CHEATS, STRANGER_ATTEMPTS } from '../../sim/checkpoint-download/behaviour.ts'
import { MEBIBYTE_BYTES, SOURCES_MAX } from '../../sim/world/download.ts'
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

/** Faults begin within this time: most downloads here are over by then. */
const FAULT_AT_SECONDS_MAX = 120

const fault = faultsWithin(FAULT_AT_SECONDS_MAX)

const SEEDERS = Array.from({ length: SOURCES_MAX }, (_, at) => `seeder${at}`)
/** The downloader less often than a seeder: without it nothing goes on that could be judged. */
const PARTIES = [...SEEDERS, 'downloader', 'downloader', 'downloader']
const LINKS = PARTIES.flatMap((party) => [party, party, `${party}.up`, `${party}.down`])

const connectivity: readonly FaultArbitrary[] = [
  fault('link-down', LINKS, 600, one),
  fault('message-delay', PARTIES, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('message-duplication', PARTIES, 120, share),
  fault('message-reordering', PARTIES, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('process-crash', PARTIES, 120, one),
]
const clocks: readonly FaultArbitrary[] = [
  fault('clock-offset', PARTIES, 0, offsetMs),
  fault('clock-drift', PARTIES, 1_800, fc.integer({ min: -200, max: 200 })),
  fault('clock-jump', PARTIES, 600, offsetMs),
]
const chain: readonly FaultArbitrary[] = [
  fault('base-fee-surge', ['chain'], 600, fc.integer({ min: 110, max: 10_000 })),
  fault('full-blocks', ['chain'], 600, fc.integer({ min: 1, max: 100_000 })),
  fault('dropped-transaction', PARTIES, 60, one),
  fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 7 })),
  fault('rpc-error', PARTIES, 300, share),
  fault('ambiguous-send', PARTIES, 300, share),
]
/** A party that is gone for a while: it matters in every regime. */
const drop: FaultArbitrary = fault('link-down', PARTIES, 600, one)

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

const CHUNK_BYTES = 262_144
/** Sizes at which something changes, and any other up to 24 MiB. */
const fileBytes = fc.oneof(
  fc.constantFrom(
    ...[1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1],
    ...[MEBIBYTE_BYTES - 1, MEBIBYTE_BYTES, MEBIBYTE_BYTES + 1],
    ...[10 * MEBIBYTE_BYTES - 1, 10 * MEBIBYTE_BYTES, 10 * MEBIBYTE_BYTES + 1],
  ),
  { arbitrary: fc.integer({ min: 1, max: 24 * MEBIBYTE_BYTES }), weight: 2 },
)

const terms = fc.record({
  fileBytes,
  /** With 18 decimals and with 6, odd, and the least for eight seeders. */
  pricePerMebibyteUnits: fc.constantFrom(10n ** 15n, 1_000n, 333_333_333n, 8n),
  mode: rarely('exponential', 55, fc.constantFrom('upfront', 'constant')),
  firstMebibytes: fc.constantFrom(1, 2, 4),
  growthBps: fc.constantFrom(20_000, 10_000, 15_000, 40_000, 33_333),
  seeders: fc.constantFrom(1, 1, 1, 2, 3, 3, 8),
})

const bytesPerSecond = (least: number, most: number) => fc.integer({ min: least, max: most })
const bytes = fc.integer({ min: 1, max: 16 * MEBIBYTE_BYTES })
/** Leaves early in a few of a hundred, and shrinks towards leaving earlier: that is shorter. */
const cancelsAfterBytes = fc.nat(999).map((n) => (n < 70 ? (n + 1) * 262_144 : 0))
/**
 * Every other downloader keeps to the rules. What fails with one that reports nothing, or late, is
 * shorter so: counterexamples shrink towards these.
 */
const others = CHEATS.filter((each) => each !== 'none' && each !== 'late' && each !== 'nothing')
const cheat = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.constant('nothing'), weight: 6 },
  {
    arbitrary: fc.constantFrom(
      ...['late', ...others.map(() => 'none'), 'none', 'none', 'none', 'none'],
      ...[...others, 'underpays', 'takes'],
    ),
    weight: 94,
  },
)

const behaviour = fc.record({
  terms,
  beginsAtMs: fc.constant(0),
  downBytesPerSecond: bytesPerSecond(2_000_000, 20_000_000),
  upBytesPerSecond: fc.array(bytesPerSecond(500_000, 10_000_000), {
    ...{ minLength: SOURCES_MAX, maxLength: SOURCES_MAX },
  }),
  stopsByItself: chance(30),
  cheat,
  cheatBps: fc.integer({ min: 500, max: 10_000 }),
  cheatsFrom: fc.integer({ min: 0, max: 3 }),
  cancelsAfterBytes,
  vanishesAfterBytes: rarely(0, 7, bytes),
  purseBps: rarely(0, 12, fc.integer({ min: 1, max: 9_999 })),
  freesMoney: chance(70),
  downloaderPatienceMs: seconds(60, 300),
  seederPatienceMs: seconds(60, 600),
  seeders: fc.array(
    fc.record({
      vanishesAfterBytes: rarely(0, 15, fc.integer({ min: 1, max: 4 * MEBIBYTE_BYTES })),
      overReportsBps: rarely(0, 8, fc.integer({ min: 1, max: 5_000 })),
    }),
    { minLength: SOURCES_MAX, maxLength: SOURCES_MAX },
  ),
  stranger: fc.array(
    fc.record({ atMs: seconds(1, 120), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
    { maxLength: 3 },
  ),
})

/** Faults on seeders that a download does not have hit others of its seeders. */
function fitted(draw: ScenarioDraw): ScenarioDraw {
  const { seeders } = draw.behaviour.terms as { seeders: number }
  const clocksHit = new Set<string>()
  const faults = draw.faults.flatMap((each) => {
    const target = String(each.target).replace(
      /^seeder(\d)/,
      (_, digit: string) => `seeder${Number(digit) % seeders}`,
    )
    const key = `${each.kind} ${target}`
    // A clock has one fault of a kind.
    if (String(each.kind).startsWith('clock-') && clocksHit.has(key)) return []
    clocksHit.add(key)
    return [{ ...each, target }]
  })
  return { ...draw, faults }
}

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
    // Slow blocks more often: more is served while a payment is on its way.
    profiles: ['l2', 'l1', 'l1', 'fast'],
    limits,
  }).map(fitted)
}
