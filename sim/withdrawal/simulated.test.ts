/**
 * What simulations are told of withdrawals: stages that begin and end where they should, sums that
 * add up, shares that exclude each other, and a timeout that costs what is too slow for it.
 */
import { describe, expect, test } from 'vitest'
import { withdrawalParameters } from '../../models/withdrawal/parameters.ts'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { designOf, type SimulationSpec } from '../world/simulated.ts'
import { runFactsOf, STAGES } from './runFacts.ts'
import { withdrawalSimulated } from './simulated.ts'
import { request, withdraw } from './testing/describedWithdrawal.ts'

const POLICIES = ['as-described', 'hardened'] as const
type Policy = (typeof POLICIES)[number]
const HALF = 35_000_000n

describe.each(POLICIES)('facts of the described withdrawal, %s', (policy) => {
  const facts = runFactsOf(withdraw(policy), true)

  test('each stage has a sample for each time that it was gone through', () => {
    const counts = Object.values(STAGES).map((stage) => {
      return facts.stages.filter((sample) => sample.stage === stage).length
    })
    // As described the bank pays before it has the tokens.
    expect(counts).toEqual([1, 1, policy === 'hardened' ? 1 : 0, 1, 0, 0])
    for (const { outcome } of facts.stages) expect(outcome).toBe('ended')
  })

  test('sums add up', () => {
    expect(facts).toMatchObject({ grossUnits: 100_000_000n, platformUnits: 30_000_000n })
    expect(facts).toMatchObject({ residualUnits: 0n, isStarted: true, isSettled: true })
    expect(facts.samples).toMatchObject({
      ...{ requests: [1], paidUnits: [HALF], overpaidUnits: [0n], timedOutUnits: [0n] },
      ...{ stuckUnits: [0n], unpaidUnits: [0n], strandedUnits: [0n] },
    })
    expect(facts.shares).toMatchObject({ allPaid: true, stuck: false, paidTwice: false })
  })

  test('the teacher risks what it asked for, as described the bank what it paid', () => {
    expect(facts.provider).toMatchObject({ worstUnits: HALF, boundUnits: HALF })
    expect(facts.payer.worstUnits).toBe(policy === 'hardened' ? 0n : HALF)
  })
})

describe('what goes wrong is told apart', () => {
  const late = request({ answers: 'late', lateMs: 3_600_000 })
  const impatient = { requests: [late], teacherPatienceMs: 300_000 }
  const parameters = { processingTimeoutSeconds: 600 }

  test('time that was up for what the bank would have paid', () => {
    const { samples, shares, stages } = runFactsOf(
      withdraw('hardened', impatient, { parameters }),
      false,
    )
    expect(samples).toMatchObject({ timedOutUnits: [HALF], paidUnits: [0n] })
    expect(shares).toMatchObject({ timedOut: true, takenBack: true, failed: false })
    expect(stages.find(({ stage }) => stage === STAGES.exit)).toMatchObject({ outcome: 'ended' })
    expect(stages.filter(({ stage }) => stage === STAGES.payout)).toEqual([])
  })

  test('a longer time costs nothing here', () => {
    const { samples } = runFactsOf(withdraw('hardened', impatient), false)
    expect(samples).toMatchObject({ timedOutUnits: [0n], paidUnits: [HALF] })
  })

  test('a failure that has no way back, and one that has', () => {
    const closed = { requests: [request({ isClosed: true })] }
    const outcomes = POLICIES.map((policy) => {
      const { stages, samples } = runFactsOf(withdraw(policy, closed), false)
      const failure = stages.find(({ stage }) => stage === STAGES.failure)
      return [failure?.outcome, samples.stuckUnits?.[0]]
    })
    expect(outcomes).toEqual([
      ['failed', HALF],
      ['ended', 0n],
    ])
  })

  test('what is left below the minimum is stranded', () => {
    const most = { requests: [request({ shareBps: 9_000 })] }
    const { samples } = runFactsOf(withdraw('hardened', most), false)
    expect(samples.strandedUnits).toEqual([7_000_000n])
  })

  test('a bank that keeps the tokens', () => {
    const mute = { requests: [request({ answers: 'mute' })] }
    const { samples, shares } = runFactsOf(withdraw('hardened', mute), false)
    expect([samples.unpaidUnits, shares.bankDefaulted]).toEqual([[HALF], true])
  })
})

describe('over many runs', () => {
  const spec = (
    policy: Policy,
    regime: SimulationSpec['regime'],
    parameters: SimulationSpec['parameters'] = {},
  ): SimulationSpec => ({
    ...{ protocol: 'withdrawal', policy, regime, seed: 3, profile: 'l1' },
    ...designOf(withdrawalSimulated, { parameters }),
  })

  test.each(REGIME_NAMES)(
    'nothing is lost, and measures are the declared ones under %s',
    (regime) => {
      for (let run = 0; run < 20; run += 1) {
        for (const policy of POLICIES) {
          const played = withdrawalSimulated.play(spec(policy, regime), run, 'summary')
          const { shares, samples, residualUnits } = played.facts(false)
          expect(residualUnits).toBe(0n)
          const known = withdrawalSimulated.measures.map(({ name }) => name)
          for (const name of Object.keys({ ...samples, ...shares })) expect(known).toContain(name)
          if (policy !== 'hardened') continue
          expect(samples.overpaidUnits?.[0] ?? 0n).toBe(0n)
          expect(shares.paidTwice ?? false).toBe(false)
        }
      }
    },
  )

  test('a timeout of minutes costs what one of days does not', () => {
    const lossUnits = (processingTimeoutSeconds: number) =>
      Array.from({ length: 120 }, (_, run) => {
        const design = spec('hardened', 'none', { processingTimeoutSeconds })
        const { samples } = withdrawalSimulated.play(design, run, 'summary').facts(false)
        return BigInt(samples.timedOutUnits?.[0] ?? 0)
      }).reduce((sum, units) => sum + units, 0n)
    expect(lossUnits(600)).toBeGreaterThan(0n)
    expect(lossUnits(2_592_000)).toBe(0n)
  })

  test('a run for the gas shows each action, whatever was drawn', () => {
    for (const policy of POLICIES) {
      const played = [1, 3, 5, 7].map((run) => {
        return withdrawalSimulated.playForGas?.(spec(policy, 'none'), run)
      })
      const accepted = played.flatMap((each) => Object.keys(each?.facts(false).transactions ?? {}))
      for (const action of withdrawalSimulated.gasActions) expect(accepted).toContain(action)
      if (policy === 'hardened') expect(accepted).toContain('bankFailed')
      if (policy === 'hardened') expect(accepted).toContain('cancel')
    }
  })

  test('a minimum that nobody can ever reach is no design', () => {
    const check = (minimumUnits: number) =>
      withdrawalSimulated.checkDesign?.({
        ...spec('hardened', 'none'),
        parameters: withdrawalParameters.parse({ minimumUnits }),
      })
    // Eight sessions of 100.00 less 30 %.
    expect(check(560_000_000)).toBeNull()
    expect(check(560_000_001)).toMatchObject({
      field: 'minimumUnits',
      allowed: 'at most 560000000',
    })
  })
})
