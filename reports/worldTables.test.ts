/**
 * Goal: tables of the simulated world show every number of the record, say what a sample cannot
 * carry, and never print a quantile that is not there.
 */
import { expect, test } from 'vitest'
import { exampleWorldRecord } from './exampleWorld.ts'
import type { RunRecord } from './record.ts'
import { exposureCsv, latencyCsv, quantileName, sweepCsv } from './worldCsv.ts'
import { simulationText, sweepText } from './worldTables.ts'

const scope = { protocol: 'session-escrow', policy: 'hardened', regime: 'mixed' } as const

const SMALL: RunRecord = {
  ...exampleWorldRecord(),
  regimes: [{ ...scope, summary: 'all of it', source: 'a test', runs: 70, faults: [] }],
  latency: [
    {
      ...{ ...scope, stage: 'drop → detected', n: 70, failed: 1, undecided: 2 },
      quantiles: [
        { q: 0.5, valueMs: 8_200, lowMs: 7_900, highMs: 8_600 },
        { q: 0.95, valueMs: 11_000, lowMs: 10_100, highMs: null },
        { q: 1, valueMs: 700_000, lowMs: null, highMs: null },
      ],
      histogram: [],
    },
  ],
  exposure: [
    {
      ...{ ...scope, party: 'payer', boundUnits: 10n ** 20n, worstUnits: 97_100n },
      points: [{ atMs: 0, medianUnits: 1n, lowUnits: 0n, highUnits: 10n ** 19n }],
      ...{ runs: 70, breaches: 0 },
    },
  ],
  leakage: [],
  metrics: [{ ...scope, metric: 'stall share', unit: '%', n: 70, value: 1.5, low: 0, high: 17.25 }],
  sweep: [
    {
      ...scope,
      points: [
        {
          parameters: { profile: 'l1', feeBps: 5 },
          outcomes: { 'gas.mean': 470_000.5, 'payerExposure.p95': 10n ** 19n },
          intervals: { 'gas.mean': { low: 460_000, high: 480_000 } },
          ...{ feasible: true, pareto: true, n: 70, violated: [] },
        },
        {
          parameters: { profile: '=l2', feeBps: 6 },
          outcomes: { 'payerExposure.p95': 1n },
          ...{ feasible: false, pareto: false, n: 70, violated: ['INV-W-LIVENESS'] },
        },
      ],
      objectives: ['gas.mean'],
      axes: [{ name: 'gas.mean', unit: 'gas', better: 'less', integer: false }],
    },
  ],
}

test('simulation › quantiles with intervals, counts apart, dashes for the unknown', () => {
  const text = simulationText(SMALL).join('\n')

  expect(text).toContain('regime mixed: 70 runs')
  expect(text).toMatch(/drop → detected +70 +1\/2 +8\.2 s \[7\.9 s, 8\.6 s\]/)
  expect(text).toMatch(/11\.0 s \[10\.1 s, –\] +– +11\.7 min/)
  expect(text).toContain('worst 97,100 base units')
  expect(text).toMatch(/stall share +1\.5 % +\[0, 17\.3\] +n 70/)
  expect(simulationText({ ...SMALL, regimes: [] })).toEqual([])
})

test('sweep › marks the Pareto set and what is infeasible', () => {
  const lines = sweepText(SMALL)

  expect(lines.find((line) => line.includes('★  '))).toContain('470,001 [460,000, 480,000]')
  expect(lines.find((line) => line.startsWith('  ✗'))).toContain('INV-W-LIVENESS')
  expect(lines.at(-1)).toContain('Pareto set: 1')
})

test('csv › has exact amounts, empty cells for what is missing, and no formulas', () => {
  const latency = latencyCsv(SMALL).split('\n')
  const exposure = exposureCsv(SMALL).split('\n')
  const sweep = sweepCsv(SMALL).split('\n')

  expect(latency[0]).toContain('p50Ms,p50LowMs,p50HighMs')
  expect(latency[1]).toContain('70,1,2,8200,7900,8600,,,,11000,10100,,,,,,,,700000,')
  expect(exposure[1]).toContain('payer,0,1,0,10000000000000000000,100000000000000000000')
  expect(sweep[0]).toContain('profile,feeBps,n,feasible,pareto,violated,gas.mean,gas.mean.low')
  expect(sweep[1]).toContain('l1,5,70,true,true,,470000.5,460000,480000,10000000000000000000')
  expect(sweep[2]).toContain("'=l2,6,70,false,false,INV-W-LIVENESS,,,,1")
  expect([0.5, 0.999, 1].map(quantileName)).toEqual(['p50', 'p99.9', 'max'])
})
