/**
 * Goal: tables of the simulated world show every number of the record, say what a sample cannot
 * carry, and never print a quantile that is not there.
 */
import { expect, test } from 'vitest'
import { livenessSentence } from './costs.ts'
import { exampleCost } from './exampleCosts.ts'
import { exampleTwoProtocols } from './exampleProtocols.ts'
import { exampleWorldRecord } from './exampleWorld.ts'
import { stringifyJson } from './json.ts'
import { parseRunRecord } from './readRun.ts'
import type { RunRecord } from './record.ts'
import { formatSummary } from './summary.ts'
import {
  costsCsv,
  exposureCsv,
  latencyCsv,
  quantileName,
  serviceLevelsCsv,
  sweepCsv,
} from './worldCsv.ts'
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
  ...{ serviceLevels: [], costs: [] },
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

test('service levels › chances with intervals, what was not in time apart', () => {
  const record = exampleTwoProtocols()
  const text = simulationText({ ...record, regimes: record.regimes?.map(onL2) ?? [] }).join('\n')
  const rows = serviceLevelsCsv(record).split('\n')

  expect(text).toContain('service level, blocks of 2.0 s')
  expect(text).toMatch(/approved +15\.0 s +400\/400 +0\/0\/0 +100 % \[98 %, 100 %\]/)
  expect(rows[0]).toContain('blockIntervalMs,name,stage,withinMs,n,met,late,failed,undecided')
  expect(rows[1]).toMatch(/none,l1,12000,approved,.*,15000,400,340,60,0,0,0\.85,/)
  expect(rows.filter((row) => row.startsWith('token-job'))).toHaveLength(20)
})

const onL2 = <Item extends object>(item: Item) => ({ ...item, profile: 'l2' })

test('costs › by action and by price, and from where on signs of life are too dear', () => {
  const cost = exampleCost(scope, 0)
  const record = { ...SMALL, regimes: SMALL.regimes?.map(onL2) ?? [], costs: [onL2(cost)] }
  const text = simulationText(record).join('\n')
  const rows = costsCsv(record).split('\n')

  expect(text).toMatch(/heartbeat \(sign of life\) +12 +45,000 +540,000/)
  expect(text).toMatch(/20 gwei +59\.4/)
  expect(text).toContain('  heartbeat calls cost 2.02x what they protect at 5 gwei')
  expect(formatSummary(record, { width: 100, colour: false })).toContain(
    'session-escrow, hardened, regime mixed:\n    heartbeat calls cost 2.02x',
  )
  expect(rows[1]).toContain('mixed,l2,400,create,false,400,180000,72000000')
  expect(rows.at(-2)).toContain('l2,400,all,,,,396000000,216000000,4000000,29700,')
})

test('costs › without signs of life nothing is said of them', () => {
  const cost = exampleCost(scope, 0, false)
  const cheap = { ...exampleCost(scope, 0), prices: exampleCost(scope, 0).prices.slice(0, 1) }
  const nothing = { ...exampleCost(scope, 0), protectedUnits: 0n }

  expect(livenessSentence(cost)).toBeNull()
  expect(livenessSentence(cheap)).toContain('cost less than they protect, up to 0.01 gwei')
  expect(livenessSentence(nothing)).toContain('protect nothing')
  expect(formatSummary({ ...SMALL, costs: [cost] }, { width: 100, colour: false })).not.toContain(
    'signs of life',
  )
})

test('two protocols › every table tells them apart, each in its own unit', () => {
  const record = exampleTwoProtocols()
  const text = simulationText(record).join('\n')

  expect(text).toContain('session-escrow, as-described, regime mixed')
  expect(text).toContain('token-job, as-described, regime mixed')
  expect(text).toContain('worst 1,050 tokens, bound 1,000 tokens; unacknowledged')
  expect(text).toContain('worst 47.0 s; detection')
  expect(parseRunRecord(stringifyJson(record), 'text')).toEqual(record)
})

test('leakage › of a record from when all of it was time can still be read', () => {
  const record = exampleTwoProtocols()
  const [first] = record.leakage ?? []
  const { unit: _, postDropMax: postDropMaxMs, allowance: allowanceMs, ...rest } = first as Leak
  const causes = rest.causes.map(({ cause, total, p95, max }) => {
    return { cause, totalMs: total, p95Ms: p95, maxMs: max }
  })
  const old = { ...record, leakage: [{ ...rest, causes, postDropMaxMs, allowanceMs }] }

  expect(parseRunRecord(stringifyJson(old), 'text').leakage).toEqual([first])
})

type Leak = NonNullable<RunRecord['leakage']>[number]
