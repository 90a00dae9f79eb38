/**
 * What simulations are told of a hold: stages that begin and end where they should, measures of
 * what hangs on the threshold, shares and sums that add up.
 */
import { describe, expect, test } from 'vitest'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { designOf, type SimulationSpec } from '../world/simulated.ts'
import { runFactsOf, STAGES } from './runFacts.ts'
import { attendanceHoldSimulated } from './simulated.ts'
import { lesson } from './testing/bookedLesson.ts'

const POLICIES = ['as-described', 'hardened'] as const
type Policy = (typeof POLICIES)[number]

describe.each(POLICIES)('facts of the booked lesson, %s', (policy) => {
  const run = lesson(policy)
  const facts = runFactsOf(run, true)

  test('each stage is gone through once, and they follow one another', () => {
    const of = (stage: string) => facts.stages.filter((sample) => sample.stage === stage)
    for (const stage of Object.values(STAGES)) {
      expect(of(stage).map(({ outcome }) => outcome)).toEqual(['ended'])
    }
    const ms = (stage: string) => of(stage)[0]?.durationMs ?? 0
    expect(ms(STAGES.finish) + ms(STAGES.decision)).toBe(ms(STAGES.payout))
    // Hardened the window for late records is in it.
    const windowMs = policy === 'hardened' ? 900_000 : 0
    expect(ms(STAGES.decision) - ms(STAGES.release)).toBe(windowMs)
    expect(ms(STAGES.release)).toBeLessThan(attendanceHoldSimulated.serviceLevels[0]?.withinMs ?? 0)
    expect(ms(STAGES.record)).toBeGreaterThan(policy === 'hardened' ? 3_600_000 : 0)
  })

  test('sums add up', () => {
    expect(facts).toMatchObject({
      ...{ grossUnits: 100_000_000n, platformUnits: 30_000_000n, residualUnits: 0n },
      ...{ isStarted: true, isSettled: true, isOver: true, protectedUnits: 0n, leakage: null },
    })
    const { present, attended, missing, surplus, unrecorded, jump } = facts.samples
    expect(present).toEqual([3_600])
    expect(Number(present?.[0]) - Number(attended?.[0])).toBe(Number(missing?.[0]))
    expect([surplus, unrecorded, jump]).toEqual([[0], [0], [0n]])
  })
})

describe('the jump at the threshold', () => {
  const factsFor = (untilBps: number) =>
    runFactsOf(lesson('hardened', { studentVisits: [{ fromBps: 0, untilBps }] }), false)

  test('is the whole price where a second decides, and nothing elsewhere', () => {
    const cases = [1_950, 2_000, 2_050].map((bps) => {
      const { samples, shares } = factsFor(bps)
      return [samples.jump?.[0], shares.near, samples.distance?.[0]]
    })
    expect(cases).toEqual([
      [0n, false, 18],
      [100_000_000n, true, 0],
      [0n, false, 18],
    ])
  })

  test('a second less of presence is worth the whole price to the teacher', () => {
    const [less, enough] = [factsFor(1_995), factsFor(2_005)]
    expect([less.shares.released, enough.shares.released]).toEqual([false, true])
    expect(enough.grossUnits - less.grossUnits).toBe(100_000_000n)
    expect(less.samples.taughtUnpaid?.[0]).toBeGreaterThan(19_900_000n)
    expect(enough.samples.paidUntaught?.[0]).toBeGreaterThan(79_900_000n)
  })
})

describe('exposure', () => {
  test('as described the student risks the price from the purchase on', () => {
    const { payer } = runFactsOf(lesson('as-described'), false)
    expect(payer).toMatchObject({ worstUnits: 100_000_000n, boundUnits: 100_000_000n })
  })

  test('hardened the teacher risks the lesson until it is attested, the student the rest', () => {
    const half = { studentVisits: [{ fromBps: 0, untilBps: 5_000 }] }
    const { payer, provider } = runFactsOf(lesson('hardened', half), false)
    expect(Number(provider.worstUnits) / 1e6).toBeCloseTo(50, 1)
    expect(Number(payer.worstUnits) / 1e6).toBeCloseTo(50, 1)
  })
})

describe('over many runs', () => {
  const spec = (policy: Policy, regime: SimulationSpec['regime']) => ({
    ...{ protocol: 'attendance-hold', policy, regime, seed: 3, profile: 'l2' },
    ...designOf(attendanceHoldSimulated),
  })
  const ENDS = ['released', 'refunded', 'unfinished'] as const

  test.each(REGIME_NAMES)('nothing is lost or counted twice under %s', (regime) => {
    for (let run = 0; run < 20; run += 1) {
      for (const policy of POLICIES) {
        const played = attendanceHoldSimulated.play(spec(policy, regime), run, 'summary')
        const { shares, residualUnits, isSettled, isStarted, samples } = played.facts(false)
        expect(residualUnits).toBe(0n)
        expect(ENDS.filter((name) => shares[name] === true)).toHaveLength(isSettled ? 1 : 0)
        expect(shares.stuck).toBe(isStarted ? !isSettled : null)
        expect(Object.keys(samples).length > 0).toBe(isSettled)
      }
    }
  })

  test('a window that is too short loses records, the default one hardly any', () => {
    const lossOf = (attestationWindowSeconds: number) => {
      const design = designOf(attendanceHoldSimulated, { parameters: { attestationWindowSeconds } })
      const facts = Array.from({ length: 60 }, (_, run) =>
        attendanceHoldSimulated
          .play({ ...spec('hardened', 'none'), ...design }, run, 'summary')
          .facts(false),
      )
      return facts.reduce((sum, { samples }) => sum + Number(samples.unrecorded?.[0] ?? 0), 0)
    }
    const [short, usual] = [lossOf(4), lossOf(900)]
    expect(short).toBeGreaterThan(5 * usual)
  })

  test('the runs for gas show every action', () => {
    const actions = [0, 2, 4].flatMap((run) => {
      const played = attendanceHoldSimulated.playForGas?.(spec('hardened', 'none'), run)
      return played?.steps.map(({ action }) => action) ?? []
    })
    expect([...new Set(actions)].sort()).toEqual([...attendanceHoldSimulated.gasActions].sort())
  })
})
