/**
 * Goal: a simulation gives the same bytes however it is cut, ordered and spread over workers, and
 * compares designs on the same luck.
 * Method: small simulations, run whole and in pieces; sections compared as text.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringifyJson } from '../../reports/json.ts'
import { scenarioSchema } from '../../reports/worldSchema.ts'
import { drawBehaviour } from '../../sim/session-escrow/behaviour.ts'
import { runWorld } from '../../sim/session-escrow/world.ts'
import { mergeShards, simulateShard } from '../../sim/simulate.ts'
import { WORLDS, worldOf } from '../../sim/worlds.ts'
import { costSections, costsIn } from './costs.ts'
import { type GasTable, gasFor } from './gasTable.ts'
import { outcomesOf } from './measures.ts'
import { specsOf } from './records.ts'
import { campaignsOf, claimsOf, sectionsOf, simulate } from './simulation.ts'

const GAS: GasTable = {
  'session-escrow, hardened, no fee': {
    deposit: 180_000,
    join: 36_000,
    stop: 80_000,
    settle: 84_000,
  },
}
const quiet = { signal: new AbortController().signal, onProgress: () => {} }

function specs(profiles: readonly string[] = ['l2']) {
  return specsOf({
    ...{ protocol: 'session-escrow', policies: ['hardened'], regimes: ['none', 'mixed'] },
    ...{ profiles, seed: 11 },
  })
}

const mixed = specs()[1] as ReturnType<typeof specs>[number]

test('shards › merge to the same bytes in any order and cut', () => {
  const whole = simulateShard({ spec: mixed, fromRun: 0, untilRun: 12, hasCourse: true })
  const single = Array.from({ length: 12 }, (_, run) =>
    simulateShard({ spec: mixed, fromRun: run, untilRun: run + 1, hasCourse: true }),
  )
  const expected = stringifyJson(sectionsOf([{ spec: mixed, result: whole, gas: {} }]))
  const order = fc.shuffledSubarray([...single.keys()], { minLength: 12 })
  fc.assert(
    fc.property(order, fc.integer({ min: 1, max: 11 }), (indices, cut) => {
      const shuffled = indices.map((index) => single[index] as (typeof single)[number])
      // Merged results merge again: a tree of merges is as good as one.
      const result = mergeShards([
        mergeShards(shuffled.slice(0, cut)),
        mergeShards(shuffled.slice(cut)),
      ])

      expect(stringifyJson(sectionsOf([{ spec: mixed, result, gas: {} }]))).toBe(expected)
    }),
    { numRuns: 8 },
  )
})

test.each(
  WORLDS.flatMap(({ protocol, policies }) => policies.map((policy) => ({ protocol, policy }))),
)('$protocol, $policy › a run fits the record', ({ protocol, policy }) => {
  const design = { protocol, policies: [policy], regimes: ['none', 'mixed'] } as const
  for (const spec of specsOf({ ...design, profiles: null, seed: 5 })) {
    const place = { ...spec, id: 'one', kind: 'worst', title: 'a run' }
    const report = worldOf(protocol).play(spec, 0, 'full').report()

    const scenario = scenarioSchema.parse({ ...report, ...place })

    expect(scenario.steps.length).toBeGreaterThan(0)
    expect(scenario.messageCount).toBeGreaterThan(0)
  }
})

test('shards › one that overlaps another is refused', () => {
  const shard = simulateShard({ spec: mixed, fromRun: 0, untilRun: 1, hasCourse: false })

  expect(() => mergeShards([shard, shard])).toThrow('A run is in two shards')
})

test('simulate › gives the same bytes on one worker as on two', async () => {
  const options = { specs: specs(), runs: 50, gas: GAS, ...quiet }
  const texts: string[] = []
  for (const workers of [1, 2]) {
    const { parts, missing } = await simulate({ ...options, workers })
    expect(missing).toBe(0)
    texts.push(stringifyJson([sectionsOf(parts), claimsOf(parts), campaignsOf(parts)]))
  }

  expect(texts[1]).toBe(texts[0])
})

test('simulate › an interruption gives what was finished and says what is missing', async () => {
  const controller = new AbortController()
  const { parts, missing } = await simulate({
    ...{ specs: specs(), runs: 60, workers: 1, gas: GAS },
    signal: controller.signal,
    onProgress: () => controller.abort(),
  })

  expect(parts.map(({ result }) => result.facts.length)).toEqual([20, 0])
  expect(missing).toBe(100)
  expect(sectionsOf(parts).latency.length).toBeGreaterThan(0)
})

test('common random numbers › a run meets the same people in every regime and design', () => {
  const behaviours = (['none', 'disconnect', 'mixed'] as const).flatMap((regime) =>
    (['as-described', 'hardened'] as const).map((policy) => {
      const parameters = { heartbeatIntervalSeconds: policy === 'hardened' ? 7 : 5 }
      return runWorld({ policy, regime, seed: 11, run: 3, parameters }).behaviour
    }),
  )

  for (const behaviour of behaviours) {
    expect(behaviour).toEqual(drawBehaviour({ seed: 11, run: 3 }))
  }
})

test('facts › the causes of leakage add up, and no books are open', async () => {
  const { parts } = await simulate({ specs: [mixed], runs: 40, workers: 1, gas: GAS, ...quiet })
  const facts = parts.flatMap(({ result }) => result.facts)
  const leaks = facts.flatMap(({ leakage }) => leakage ?? [])

  expect(leaks.length).toBeGreaterThan(3)
  for (const { postDrop, causes } of leaks) {
    expect(Object.values(causes).reduce((sum, each) => sum + each, 0)).toBe(postDrop)
  }
  for (const { residualUnits } of facts) expect(residualUnits).toBe(0n)
  const outcomes = outcomesOf(worldOf('session-escrow'), facts, gasFor(GAS, mixed))
  expect(outcomes['unfinished.rate']).toMatchObject({ value: 0, low: 0, n: 40 })
  expect(outcomes['settle.p99']).toBeUndefined()
  expect(outcomes['gas.mean']?.value).toBeGreaterThan(300_000)
})

test('chains › a record keeps them apart, claims are about all of them', async () => {
  const { parts } = await simulate({
    ...{ specs: specs(['l1', 'fast']), runs: 20, workers: 1, gas: GAS, ...quiet },
  })
  const { latency, serviceLevels, scenarios } = sectionsOf(parts)
  const claims = claimsOf(parts)
  const scopes = claims.map(({ regime, invariant }) => `${regime} ${invariant}`)

  expect([...new Set(latency.map(({ profile }) => profile))]).toEqual(['l1', 'fast'])
  expect([...new Set(serviceLevels.map((each) => each.blockIntervalMs))]).toEqual([12_000, 250])
  expect(new Set(scopes).size).toBe(claims.length)
  expect(claims.find(({ invariant }) => invariant === 'INV-W-LIVENESS')?.checks).toBe(40)
  expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length)
  expect(campaignsOf(parts).map(({ campaign }) => campaign)).toContain('simulation on fast')
})

test('service levels › every sample is met, late, failed or undecided', async () => {
  const { parts } = await simulate({ specs: [mixed], runs: 20, workers: 1, gas: GAS, ...quiet })
  const levels = sectionsOf(parts).serviceLevels
  const stages = parts.flatMap(({ result }) => result.facts.flatMap((each) => each.stages))

  expect(levels.map(({ name }) => name)).toEqual(['drop noticed', 'stopped on chain', 'tutor paid'])
  for (const { stage, withinMs, n, met, late, failed, undecided, probability } of levels) {
    const own = stages.filter((each) => each.stage === stage)
    const inTime = own.filter(({ durationMs }) => durationMs !== null && durationMs <= withinMs)
    expect([met + late + failed + undecided, met]).toEqual([own.length, inTime.length])
    expect(n).toBe(own.length)
    expect(probability?.low ?? 0).toBeLessThanOrEqual(met / n)
    expect(probability?.high ?? 1).toBeGreaterThanOrEqual(met / n)
  }
})

/** A part whose runs have these transactions and are paid in a token of 6 decimals. */
function partWith(runs: readonly (readonly [action: string, count: number])[][], gas: object) {
  const [fact] = simulateShard({ spec: mixed, fromRun: 0, untilRun: 1, hasCourse: false }).facts
  const facts = runs.map((calls, run) => {
    return { ...(fact as NonNullable<typeof fact>), run, transactions: Object.fromEntries(calls) }
  })
  const gasByCall = gas as Readonly<Record<string, number>>
  return { spec: mixed, result: { facts, activeRuns: {} }, gas: gasByCall }
}

test('costs › the actions add up to the whole, and the whole to its price', () => {
  const action = fc.constantFrom('deposit', 'stop', 'settle', 'stop!NotActive')
  const calls = fc.array(fc.tuple(action, fc.integer({ min: 1, max: 9 })), { maxLength: 4 })
  const used = fc.record({ deposit: fc.nat(2_000_000), stop: fc.nat(900_000), settle: fc.nat() })
  fc.assert(
    fc.property(fc.array(calls, { minLength: 1, maxLength: 5 }), used, (runs, gas) => {
      const part = partWith(runs, gas)
      const [cost] = costSections(part)
      const each = part.result.facts.flatMap(({ transactions }) => Object.entries(transactions))
      const spent = each.map(([call, n]) => n * gas[call.split('!')[0] as keyof typeof gas])
      const total = spent.reduce((sum, of) => sum + of, 0)

      expect(cost?.actions.reduce((sum, of) => sum + of.gas, 0)).toBe(cost?.gas)
      expect([cost?.gas, cost?.livenessGas, cost?.protectedUnits]).toEqual([total, 0, null])
      // 3,000 tokens of 6 decimals an ether: a gas of 20 gwei costs 60 base units.
      const at20 = cost?.prices.find(({ gwei }) => gwei === 20)
      expect(at20?.costUnits).toBe(BigInt(total) * 60n)
    }),
    { numRuns: 50 },
  )
})

test('costs › signs of life are told apart and held against what they protect', () => {
  const world = { ...worldOf('session-escrow'), livenessActions: ['stop'] }
  const gas = { deposit: 100_000, stop: 50_000, 'stop!NotActive': 30_000 }
  const calm = partWith([[['deposit', 1]], [['deposit', 1]]], gas)
  const part = partWith(
    [
      [['deposit', 1]],
      [
        ['stop', 3],
        ['stop!NotActive', 1],
      ],
    ],
    gas,
  )
  const facts = part.result.facts.map((each, run) => {
    return { ...each, protectedUnits: run === 0 ? null : 5_400_000n }
  })
  const [cost] = costsIn({ ...part, result: { ...part.result, facts } }, world)
  const at = (gwei: number) => cost?.prices.find((each) => each.gwei === gwei)

  expect([cost?.gas, cost?.livenessGas, cost?.protectedUnits]).toEqual([
    280_000,
    180_000,
    5_400_000n,
  ])
  // 180,000 gas cost 10,800,000 base units at 20 gwei, and 2,700,000 at 5.
  expect(at(20)).toMatchObject({ livenessPerProtected: 2, exceedsProtection: true })
  expect(at(5)).toMatchObject({ livenessPerProtected: 0.5, exceedsProtection: false })
  expect(costsIn(calm, world)[0]).toMatchObject({ livenessGas: 0, protectedUnits: null })
})
