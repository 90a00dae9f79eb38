/**
 * Goal: protocols of downloads are compared on one chain and on like terms, and what is only
 * simulated for that changes nothing else.
 * Method: the real worlds' words with made-up numbers of runs; a small simulation of both.
 */
import { expect, test } from 'vitest'
import { stringifyJson } from '../../reports/json.ts'
import { worldOf } from '../../sim/worlds.ts'
import { comparisonOf } from './comparison.ts'
import { specsOf } from './records.ts'
import { sectionsOf, simulate } from './simulation.ts'

const DOWNLOADS = ['checkpoint-download', 'payment-channel'] as const
const design = { policies: ['hardened'], regimes: ['none'], seed: 3 } as const

const specsFor = (
  protocols: readonly string[],
  profiles: readonly string[] | null = null,
  settings: readonly string[] = [],
) => protocols.flatMap((protocol) => specsOf({ ...design, protocol, profiles, settings }))

const partsFor = (specs: ReturnType<typeof specsFor>) =>
  specs.map((spec) => ({ spec, result: { facts: [], activeRuns: {} }, gas: {} }))

test('comparison › both protocols on both chains, each with one source', () => {
  const specs = specsFor(DOWNLOADS)
  const { further, of } = comparisonOf(specs, true)
  const compared = of(partsFor([...specs, ...further])).map(({ spec }) => spec)
  const homes = DOWNLOADS.map((protocol) => worldOf(protocol).defaultProfile)

  expect(new Set(homes).size).toBe(2)
  expect(compared.map(({ protocol, profile }) => [protocol, profile])).toEqual(
    DOWNLOADS.flatMap((protocol) => homes.map((home) => [protocol, home])),
  )
  expect(compared.map(({ terms }) => terms.seeders)).toEqual([1, 1, undefined, undefined])
  expect(new Set(compared.map(({ terms }) => terms.fileBytes)).size).toBe(1)
  // The channel at home is simulated anyway.
  expect(further).toHaveLength(3)
})

test('comparison › what a user asks for stands: the chain, and a term by name', () => {
  const onL2 = specsFor(DOWNLOADS, ['l2'])
  const { further, of } = comparisonOf(onL2, false)
  const typed = specsFor(['checkpoint-download'], ['l2'], ['seeders=4'])
  const asked = comparisonOf([...typed, ...specsFor(['payment-channel'], ['l2'])], false)

  expect(new Set(of(partsFor([...onL2, ...further])).map(({ spec }) => spec.profile))).toEqual(
    new Set(['l2']),
  )
  expect(further.map(({ terms }) => terms.seeders)).toEqual([1])
  expect(asked.further).toEqual([])
})

test('comparison › a protocol of downloads that is alone is shown as it is', () => {
  const specs = specsFor(['session-escrow', 'checkpoint-download'])
  const { further, of } = comparisonOf(specs, true)
  const parts = partsFor(specs)

  expect(further).toEqual([])
  expect(of(parts)).toEqual(parts)
})

test('comparison › its runs appear by the gigabyte and nowhere else', async () => {
  const specs = specsFor(DOWNLOADS)
  const comparison = comparisonOf(specs, true)
  const quiet = { signal: new AbortController().signal, onProgress: () => {} }
  const { parts } = await simulate({
    ...{ specs: [...specs, ...comparison.further], runs: 3, workers: 1, gas: {}, ...quiet },
  })
  const own = parts.slice(0, specs.length)
  const { perGigabyte, ...rest } = sectionsOf(own, comparison.of(parts))
  const { perGigabyte: __, ...alone } = sectionsOf(own)

  expect(stringifyJson(rest)).toBe(stringifyJson(alone))
  expect(perGigabyte.map(({ protocol, profile, runs }) => [protocol, profile, runs])).toEqual([
    ...[
      ['checkpoint-download', 'l2', 3],
      ['checkpoint-download', 'l1', 3],
    ],
    ...[
      ['payment-channel', 'l2', 3],
      ['payment-channel', 'l1', 3],
    ],
  ])
  expect(perGigabyte[0]?.terms).toMatchObject({ seeders: 1 })
})
