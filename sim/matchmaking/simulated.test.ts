/**
 * What simulations are told of requests: stages that begin and end where they should, what goes
 * wrong told apart, and a time of proposals that costs what it is too short or too long for.
 */
import { describe, expect, test } from 'vitest'
import { designOf, type SimulationSpec } from '../world/simulated.ts'
import { runFactsOf, STAGES } from './runFacts.ts'
import { matchmakingSimulated } from './simulated.ts'
import { AWAY, match, request, tutor } from './testing/describedMatch.ts'

const POLICIES = ['as-described', 'hardened'] as const
type Policy = (typeof POLICIES)[number]

describe.each(POLICIES)('facts of the described match, %s', (policy) => {
  const facts = runFactsOf(match(policy), true)

  test('each stage has a sample for each time that it was gone through', () => {
    const counts = Object.values(STAGES).map((stage) => {
      return facts.stages.filter((sample) => sample.stage === stage).length
    })
    expect(counts).toEqual([1, 1, 1, 1, 0, 0, 0])
    for (const { outcome } of facts.stages) expect(outcome).toBe('ended')
  })

  test('300 seconds at 9,000 units are earned, nothing is held in vain', () => {
    expect(facts).toMatchObject({ grossUnits: 2_700_000n, residualUnits: 0n, isSettled: true })
    expect(facts.samples).toMatchObject({
      ...{ requests: [1], matches: [1], proposals: [1], lapsed: [0], heldInVainMs: [0] },
      ...{ overchargedUnits: [0n], depositedTwiceUnits: [0n] },
    })
    expect(facts.shares).toMatchObject({ allMatched: true, doubleBooked: false, noMatch: false })
  })

  test('the tutor risks its time from the proposal to the deposit', () => {
    const { stages, provider } = facts
    const lengthOf = (stage: string) => stages.find((each) => each.stage === stage)?.durationMs ?? 0
    // Each part begins anew: what was answered in time was not for nothing.
    const longestMs = Math.max(lengthOf(STAGES.answer), lengthOf(STAGES.deposit))
    expect(provider.worstUnits).toBe((9_000n * BigInt(longestMs - 1)) / 1_000n)
    expect(provider.worstUnits).toBeLessThan(provider.boundUnits)
  })
})

describe('what goes wrong is told apart', () => {
  test('a tutor who says nothing was held in vain, and somebody else was found', () => {
    const tutors = [tutor({ answers: ['silent'] }), tutor()]
    const { samples, shares, stages } = runFactsOf(match('hardened', { tutors }), false)
    expect(samples).toMatchObject({ proposals: [2], lapsed: [1], heldInVainMs: [30_000] })
    expect(shares).toMatchObject({ allMatched: true, noMatch: false })
    const answers = stages.filter(({ stage }) => stage === STAGES.answer)
    expect(answers.map(({ outcome }) => outcome)).toEqual(['failed', 'ended'])
    expect(stages.some(({ stage }) => stage === STAGES.again)).toBe(true)
  })

  test('who is on the list, who has booked, who gives up, who does not deposit', () => {
    const later = [tutor({ shiftsMs: [60_000] }), AWAY]
    const stagesOf = (changes: Parameters<typeof request>[0], tutors = later) =>
      runFactsOf(match('hardened', { requests: [request(changes)], tutors }), false)
    const names = (facts: ReturnType<typeof stagesOf>) => facts.stages.map(({ stage }) => stage)
    expect(names(stagesOf({}))).toContain(STAGES.waitlist)
    expect(names(stagesOf({ fallback: 'book' }))).toContain(STAGES.booking)
    const givenUp = stagesOf({ fallback: 'cancel' })
    expect(givenUp.shares).toMatchObject({ givenUp: true, noMatch: true, allMatched: false })
    expect(names(givenUp)).not.toContain(STAGES.match)
    expect(stagesOf({ leftBps: 0 }).shares).toMatchObject({ expired: true, givenUp: false })
    expect(stagesOf({ purseBps: 1 }).shares).toMatchObject({ unfunded: true, allMatched: null })
  })

  test('as described: held twice, deposited twice, charged more, certified for nothing', () => {
    const both = [request({ depositsTwice: true, callMs: 20_000 }), request({ student: 1 })]
    const { shares, samples, payer } = runFactsOf(
      match('as-described', { requests: both, tutors: [tutor({ raiseBps: 5_000 }), AWAY] }),
      false,
    )
    expect(shares).toMatchObject({ doubleBooked: true, depositedTwice: true })
    expect(shares).toMatchObject({ falseCredential: true })
    // 14,000 instead of 10,000 for 20 s and for 300 s.
    expect(samples.overchargedUnits).toEqual([1_280_000n])
    expect(samples.depositedTwiceUnits).toEqual([36_000_000n])
    expect(payer.worstUnits).toBe(36_000_000n)
  })
})

describe('over many runs', () => {
  const spec = (
    policy: Policy,
    regime: SimulationSpec['regime'],
    parameters: SimulationSpec['parameters'] = {},
  ): SimulationSpec => ({
    ...{ protocol: 'matchmaking', policy, regime, seed: 3, profile: 'l2' },
    ...designOf(matchmakingSimulated, { parameters }),
  })

  test('measures are the declared ones, and hardened nothing is charged or held twice', () => {
    const known = matchmakingSimulated.measures.map(({ name }) => name)
    for (let run = 0; run < 8; run += 1) {
      for (const policy of POLICIES) {
        const played = matchmakingSimulated.play(spec(policy, 'mixed'), run, 'summary')
        const { shares, samples } = played.facts(false)
        for (const name of Object.keys({ ...samples, ...shares })) expect(known).toContain(name)
        if (policy !== 'hardened') continue
        expect(samples.overchargedUnits?.[0] ?? 0n).toBe(0n)
        expect([shares.doubleBooked ?? false, shares.depositedTwice ?? false]).toEqual([
          false,
          false,
        ])
      }
    }
  })

  test('a short time lets more proposals lapse, a long one holds the silent for longer', () => {
    const totals = (proposalTtlSeconds: number) => {
      const sums = { lapsed: 0, heldInVainMs: 0 }
      for (let run = 0; run < 16; run += 1) {
        const design = spec('hardened', 'none', { proposalTtlSeconds })
        const { samples } = matchmakingSimulated.play(design, run, 'summary').facts(false)
        sums.lapsed += Number(samples.lapsed?.[0] ?? 0)
        sums.heldInVainMs += Number(samples.heldInVainMs?.[0] ?? 0)
      }
      return sums
    }
    const [short, long] = [totals(8), totals(300)]
    expect(short.lapsed).toBeGreaterThan(long.lapsed)
    expect(long.heldInVainMs).toBeGreaterThan(short.heldInVainMs)
  })

  test('a run for the gas shows each action, whatever was drawn', () => {
    for (const policy of POLICIES) {
      const accepted = [1, 3, 5, 7, 9, 11].flatMap((run) => {
        const played = matchmakingSimulated.playForGas?.(spec(policy, 'none'), run)
        return Object.keys(played?.facts(false).transactions ?? {})
      })
      for (const action of matchmakingSimulated.gasActions) expect(accepted).toContain(action)
      expect(accepted).toEqual(expect.arrayContaining(['noMatch', 'waitlist', 'book', 'reduceCap']))
      expect(accepted).toContain('cancel')
    }
  })

  test('a proposal that is over before the next block is no design', () => {
    const check = (proposalTtlSeconds: number) =>
      matchmakingSimulated.checkDesign?.(spec('hardened', 'none', { proposalTtlSeconds }))
    expect(check(1)).toMatchObject({ field: 'proposalTtlSeconds' })
    expect(check(2)).toBeNull()
  })
})
