/**
 * Made-up answers to how small a parameter may be, one of each kind. No result of any run.
 */
import type { Smallest } from './record.ts'

const RUNS = 400
const AT_STAKE = 36_000_000n

/** A share with an interval that is wide enough to be seen. */
function share(losing: number): Smallest['tried'][number]['share'] {
  const value = losing / RUNS
  return { value, low: value * 0.8, high: Math.min(1, value * 1.2 + 0.0075) }
}

const tried = (rows: readonly (readonly [value: number, losing: number])[]) =>
  rows.map(([value, losing]) => ({
    ...{ value, losing, share: share(losing) },
    worstLoss: BigInt(losing) * 10_000n,
  }))

const TRIED = tried([
  ...[
    [5, 310],
    [6, 288],
    [8, 240],
    [12, 131],
    [20, 44],
    [36, 3],
    [46, 1],
    [47, 0],
    [48, 0],
  ],
  ...[
    [68, 0],
    [132, 0],
    [600, 0],
  ],
] as [number, number][])

/** Found with nothing against it; found with fresh runs against it; none. */
export function exampleSmallest(scenario: string): readonly Smallest[] {
  const question = {
    ...{ protocol: 'session-escrow', policy: 'hardened' as const, settings: {} },
    ...{ parameter: 'silenceTimeoutSeconds', unit: 's', least: 5, most: 600 },
    loss: {
      ...{ name: 'loss', about: 'delivered and never paid', unit: 'base units' },
      atStake: AT_STAKE,
    },
    ...{ runs: RUNS, plays: 5_214 },
  } as const
  const losing = {
    ...{ value: 46, run: 173, loss: 470_000n, scenario, safeScenario: null },
    traceFile: 'smallest-silenceTimeoutSeconds-hardened-disconnect-l1.trace.json',
    replayCommand: 'npx meterproof replay reports/out/example/smallest.trace.json',
    confirmedOnMinedLane: true,
  }
  const fresh = {
    ...{ fromRun: RUNS, runs: RUNS, losing: 0, share: { value: 0, low: 0, high: 0.007461358 } },
    ...{ totalLoss: 0n, meanLossMost: 268_609n, worst: null },
  }
  return [
    {
      ...{ ...question, regime: 'disconnect', profile: 'l1', outcome: 'found', value: 47 },
      ...{ tried: TRIED, notMonotone: null, losing, fresh },
    },
    {
      ...{ ...question, regime: 'mixed', profile: 'l1', outcome: 'found', value: 47 },
      ...{ tried: TRIED, losing },
      notMonotone: { runs: 2, run: 12, safe: 6, losing: 36 },
      fresh: {
        ...{ ...fresh, losing: 1, share: { value: 0.0025, low: 0.000063, high: 0.013849 } },
        ...{ totalLoss: 120_000n, meanLossMost: 498_564n, worst: { run: 512, loss: 120_000n } },
      },
    },
    {
      ...{ ...question, regime: 'mixed', profile: 'l2', outcome: 'none', value: null },
      ...{ tried: TRIED.map((row) => ({ ...row, losing: 400, share: share(400) })) },
      ...{ notMonotone: null, losing: { ...losing, value: 600 }, fresh: null },
    },
  ]
}
