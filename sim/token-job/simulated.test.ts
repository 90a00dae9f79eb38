/**
 * What simulations are told of a job: stages that begin and end where they should, shares and sums
 * that add up, and the description's promises about time in the described job.
 */
import { describe, expect, test } from 'vitest'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { designOf, type SimulationSpec } from '../world/simulated.ts'
import { runFactsOf, STAGES } from './runFacts.ts'
import { tokenJobSimulated } from './simulated.ts'
import { DESCRIBED_JOB } from './testing/describedJob.ts'
import { runWorld } from './world.ts'

const POLICIES = ['as-described', 'hardened'] as const

describe.each(POLICIES)('facts of the described job, %s', (policy) => {
  const facts = runFactsOf(runWorld({ ...DESCRIBED_JOB, policy, depositUnits: 10_000_000n }), true)
  const of = (stage: string) => facts.stages.filter((sample) => sample.stage === stage)

  test('each stage has a sample for each time that it was gone through', () => {
    const counts = Object.values(STAGES).map((stage) => of(stage).length)
    // One approval, one creation, three prompts, proofs at 1,000 and 2,000 and at the end.
    expect(counts).toEqual([1, 1, 3, 3, 3, 1])
    for (const { outcome } of facts.stages) expect(outcome).toBe('ended')
  })

  test('at blocks of 2 s the chain keeps the promises; answers cannot', () => {
    for (const { name, stage, withinMs } of tokenJobSimulated.serviceLevels) {
      const inTime = of(stage).filter(({ durationMs }) => (durationMs ?? 0) <= withinMs)
      expect([name, inTime.length === of(stage).length]).toEqual([name, name !== 'message'])
    }
  })

  test('sums add up, and the whole bill is what the proofs protected', () => {
    expect(facts).toMatchObject({ grossUnits: 4_900_000n, platformUnits: 490_000n })
    expect(facts).toMatchObject({ residualUnits: 0n, protectedUnits: 4_900_000n })
    expect(facts.leakage).toEqual({
      ...{ postDrop: 0, causes: { claimed: 0, undelivered: 0 }, allowance: 0 },
    })
    expect(facts.samples).toMatchObject({ delivered: [2_450], billed: [2_450], unbilled: [0] })
    expect(facts.shares).toMatchObject({ found: true, completed: true, depositUsedUp: false })
  })
})

describe('over many runs', () => {
  const spec = (policy: (typeof POLICIES)[number], regime: SimulationSpec['regime']) => ({
    ...{ protocol: 'token-job', policy, regime, seed: 3, profile: 'l2' },
    ...designOf(tokenJobSimulated),
  })
  const OUTCOMES = ['found', 'noActiveHost', 'noHostWithModel', 'discoveryFailed'] as const
  const ENDS = ['completed', 'timedOut', 'abandoned'] as const

  test.each(REGIME_NAMES)('nothing is lost or counted twice under %s', (regime) => {
    for (let run = 0; run < 20; run += 1) {
      for (const policy of POLICIES) {
        const played = tokenJobSimulated.play(spec(policy, regime), run, 'summary')
        const { shares, residualUnits, leakage, isSettled } = played.facts(false)
        expect(residualUnits).toBe(0n)
        expect(OUTCOMES.filter((name) => shares[name] === true)).toHaveLength(1)
        expect(ENDS.filter((name) => shares[name] === true)).toHaveLength(isSettled ? 1 : 0)
        const causes = Object.values(leakage?.causes ?? {}).reduce((sum, each) => sum + each, 0)
        expect(causes).toBe(leakage?.postDrop ?? 0)
      }
    }
  })

  test('a deposit below the price of a token is no design', () => {
    const design = { ...spec('hardened', 'none'), terms: { depositUnits: 1n } }
    const terms = { ...designOf(tokenJobSimulated).terms, depositUnits: 1_999n }
    expect(tokenJobSimulated.checkDesign?.({ ...design, terms })).toMatchObject({
      field: 'depositUnits',
    })
    expect(tokenJobSimulated.checkDesign?.(spec('hardened', 'none'))).toBeNull()
  })
})
