/**
 * Goal: a simulation gives the same bytes however it is cut, ordered and spread over workers, and
 * compares designs on the same luck.
 * Method: small simulations, run whole and in pieces; sections compared as text.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringifyJson } from '../../reports/json.ts'
import { drawBehaviour } from '../../sim/session-escrow/behaviour.ts'
import { runWorld } from '../../sim/session-escrow/world.ts'
import { mergeShards, simulateShard } from '../../sim/simulate.ts'
import type { GasTable } from './gasTable.ts'
import { outcomesOf } from './measures.ts'
import { specsOf } from './records.ts'
import { campaignOf, claimsOf, sectionsOf, simulate } from './simulation.ts'

const GAS: GasTable = {
  'hardened, no fee': { deposit: 180_000, join: 36_000, stop: 80_000, settle: 84_000 },
}
const quiet = { signal: new AbortController().signal, onProgress: () => {} }

function specs() {
  return specsOf({
    policies: ['hardened'],
    regimes: ['none', 'mixed'],
    profile: 'l2',
    seed: 11,
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
    texts.push(stringifyJson([sectionsOf(parts), claimsOf(parts), parts.map(campaignOf)]))
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
  for (const { postDropMs, detectionMs, relayMs, inclusionMs, roundingMs } of leaks) {
    expect(detectionMs + relayMs + inclusionMs + roundingMs).toBe(postDropMs)
  }
  for (const { residualUnits } of facts) expect(residualUnits).toBe(0n)
  const outcomes = outcomesOf(facts, GAS['hardened, no fee'] ?? {})
  expect(outcomes['unfinished.rate']).toMatchObject({ value: 0, low: 0, n: 40 })
  expect(outcomes['settle.p99']).toBeUndefined()
  expect(outcomes['gas.mean']?.value).toBeGreaterThan(300_000)
})
