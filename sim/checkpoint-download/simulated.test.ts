/**
 * What simulations are told of a download: stages that begin and end where they should, measures of
 * the guide's table, sums that add up, terms by number and by word.
 */
import { describe, expect, test } from 'vitest'
import { REPUTATIONS } from '../../models/checkpoint-download/parameters.ts'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { MEBIBYTE_BYTES } from '../world/download.ts'
import { designOf, type SimulationSpec } from '../world/simulated.ts'
import { STAGES } from './measured.ts'
import { runFactsOf } from './runFacts.ts'
import { checkpointDownloadSimulated as world } from './simulated.ts'
import { PLAIN_BEHAVIOUR, TABLE_DOWNLOAD } from './testing/tableDownload.ts'
import { runWorld } from './world.ts'

const POLICIES = ['as-described', 'hardened'] as const

describe.each(POLICIES)('facts of the table’s download, %s', (policy) => {
  const run = runWorld({ ...TABLE_DOWNLOAD, policy })
  const facts = runFactsOf(run, true)
  const of = (stage: string) => facts.stages.filter((sample) => sample.stage === stage)

  test('each payment goes through its stages once', () => {
    for (const stage of [STAGES.due, STAGES.paid, STAGES.confirmed]) {
      expect([stage, of(stage).length]).toEqual([stage, 4])
    }
    expect(of(STAGES.complete)).toHaveLength(1)
    for (const { outcome } of facts.stages) expect(outcome).toBe('ended')
  })

  test('measures', () => {
    expect(facts.samples).toMatchObject({
      ...{ downloadedBytes: [100 * MEBIBYTE_BYTES], payments: [4], unbilled: [0] },
      // 0.07 of 0.10 are paid when the last byte is missing; four payments for 104,857,600 bytes.
      ...{ sunk: [7_000], promptsPerGB: [38], overshoot: [0, 0, 0, 0] },
      ...{ reassignments: [0], failedPayments: [0], fetchedTwice: [0] },
    })
    expect(facts.samples.downloadMs).toEqual([run.milestones.completeMs])
    const [opening = 0] = facts.samples.waitedForOpening ?? []
    const [checkpoints = 0] = facts.samples.waitedAtCheckpoints ?? []
    expect(facts.samples.waitedMs).toEqual([Number(opening) + Number(checkpoints)])
    // Three checkpoints: a block for the report, one for the payment, two more to count.
    expect(Number(checkpoints)).toBeGreaterThan(3 * 6_000)
    expect(facts.shares).toEqual({ whole: true, completed: true, cancelled: false, failed: false })
  })

  test('sums add up', () => {
    expect(facts).toMatchObject({ grossUnits: 10n ** 17n, platformUnits: 0n, residualUnits: 0n })
    const nothing = { postDrop: 0, causes: { prepaid: 0, reported: 0 }, allowance: 0 }
    expect(facts.leakage).toEqual(nothing)
    expect(facts.payer.worstUnits).toBe(0n)
    expect(facts.provider.worstUnits <= facts.provider.boundUnits).toBe(true)
  })
})

describe('what is paid for and never comes', () => {
  test('upfront as described a seeder that vanishes keeps all', () => {
    const seeders = [{ vanishesAfterBytes: MEBIBYTE_BYTES, overReportsBps: 0 }]
    const behaviour = { ...PLAIN_BEHAVIOUR, seeders }
    const options = { ...TABLE_DOWNLOAD, mode: 'upfront', behaviour } as const
    const { leakage } = runFactsOf(runWorld({ ...options, policy: 'as-described' }), false)
    const lost = 99 * MEBIBYTE_BYTES
    expect(leakage).toMatchObject({ postDrop: lost, causes: { prepaid: lost, reported: 0 } })
    // Hardened it comes back.
    const hardened = runFactsOf(runWorld({ ...options, policy: 'hardened' }), false)
    expect(hardened.leakage?.postDrop ?? 0).toBe(0)
    expect(hardened.residualUnits).toBe(0n)
  })
})

describe('over many runs', () => {
  const spec = (policy: (typeof POLICIES)[number], regime: SimulationSpec['regime']) => ({
    ...{ protocol: 'checkpoint-download', policy, regime, seed: 3, profile: 'l2' },
    ...designOf(world),
  })

  test.each(REGIME_NAMES)('nothing is lost or counted twice under %s', (regime) => {
    for (let run = 0; run < 20; run += 1) {
      for (const policy of POLICIES) {
        const facts = world.play(spec(policy, regime), run, 'summary').facts(false)
        const { shares, residualUnits, isSettled, samples, leakage } = facts
        expect(residualUnits).toBe(0n)
        const ends = [shares.completed, shares.cancelled, shares.failed]
        expect(ends.filter((each) => each === true)).toHaveLength(isSettled ? 1 : 0)
        expect(samples.downloadMs?.length).toBe(shares.whole === true ? 1 : 0)
        const causes = Object.values(leakage?.causes ?? {}).reduce((sum, each) => sum + each, 0)
        expect(causes).toBe(leakage?.postDrop ?? 0)
      }
    }
  })

  test('a reputation says mode and first checkpoint, none leaves them as they are', () => {
    const base = spec('hardened', 'none')
    const termsOf = (reputation: string, mode = 'exponential') => {
      const parameters = { ...base.parameters, reputation, mode }
      const [agreement] = world.play({ ...base, parameters }, 0, 'summary').agreements
      return [agreement?.terms.mode, agreement?.terms.firstMebibytes]
    }
    expect(REPUTATIONS.map((reputation) => termsOf(reputation))).toEqual([
      ...[
        ['upfront', 10],
        ['exponential', 20],
        ['exponential', 10],
      ],
      ...[
        ['exponential', 5],
        ['constant', 1],
      ],
    ])
    expect(termsOf('none', 'constant')).toEqual(['constant', 10])
  })

  test.each([
    ['firstMebibytes', { parameters: { minCheckpointMebibytes: 11 }, terms: {} }],
    ['pricePerMebibyteUnits', { parameters: {}, terms: { pricePerMebibyteUnits: 2n } }],
    ['chunkBytes', { parameters: { chunkBytes: 1_024 }, terms: {} }],
  ])('no design: %s', (field, { parameters, terms }) => {
    const base = spec('hardened', 'none')
    expect(world.checkDesign?.(base)).toBeNull()
    const bent = {
      ...base,
      parameters: { ...base.parameters, ...parameters },
      terms: { ...base.terms, ...terms },
    } as SimulationSpec
    expect(world.checkDesign?.(bent)).toMatchObject({ field })
  })
})
