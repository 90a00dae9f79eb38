/**
 * The world around progressive-escrow: reproducible, right in the worked case, honest about what is
 * paid without service; the hardened policy keeps every claim in every regime.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../faults/fault.ts'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import { totalMs } from '../world/spans.ts'
import type { Behaviour } from './behaviour.ts'
import { partsWithout } from './leakage.ts'
import type { WorldOptions } from './options.ts'
import { missedHeartbeatsBps } from './pace.ts'
import { runFactsOf } from './runFacts.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, progressiveEscrowWorldInvariants } from './worldInvariants.ts'
import type { WorldDefects, WorldRun } from './worldRun.ts'

const plainCall: Behaviour = {
  createAtMs: 0,
  studentDelayMs: 1_000,
  mentorDelayMs: 1_000,
  studentComes: true,
  mentorComes: true,
  starts: 'mentor',
  patienceMs: 600_000,
  callMs: 7_200_000,
  hangsUp: 'student',
  studentCompletes: true,
  rating: 5,
  pauses: [],
  stranger: [],
}
/** A session of ten minutes on blocks of two seconds. */
const base = {
  ...{ seed: 1, run: 0, profile: 'l2', durationMinutes: 10, faults: [] },
  behaviour: plainCall,
} satisfies Partial<WorldOptions>
const drop = (parts: Partial<Fault> = {}): Fault => {
  const at = { atMs: 200_000, durationMs: 300_000, magnitude: 1 }
  return { kind: 'link-down', target: 'student', ...at, ...parts }
}

function broken(run: WorldRun): string[] {
  const judged = progressiveEscrowWorldInvariants.map(({ id, judge }) => ({ id, ...judge(run) }))
  return judged.filter(({ violation }) => violation !== null).map(({ id }) => id)
}
function edges(run: WorldRun): string[] {
  return run.steps.map(({ edge }) => edge)
}

describe('a mentor alone with a session of 100 to which the student never comes', () => {
  const behaviour = { ...plainCall, studentComes: false, patienceMs: 180_000 }

  test('as described the mentor is paid all of it for nothing, with six calls', () => {
    const parameters = { heartbeatIntervalSeconds: 90, graceSeconds: 30 }
    const options = { ...base, behaviour, parameters, durationMinutes: 3 }
    const run = runWorld({ ...options, policy: 'as-described' })
    expect(run.deliveredMs).toBe(0)
    expect(run.endState.paidMentorUnits + run.endState.paidPlatformUnits).toBe(100_000_000n)
    expect(run.milestones.ending).toBe('autoComplete')
    expect(run.steps.length).toBeLessThanOrEqual(6)
    expect(broken(run)).toContain('INV-W-NO-GHOST')
  })

  test('hardened it never begins, and the student has all of it back', () => {
    const run = runWorld({ ...base, behaviour, policy: 'hardened' })
    expect(run.endState.state).toBe('Cancelled')
    expect(run.endState.refundedUnits).toBe(100_000_000n)
    expect(broken(run)).toEqual([])
  })
})

describe('an outage of the student of five minutes, from the fourth minute on', () => {
  test('as described its time is paid in full', () => {
    const run = runWorld({ ...base, policy: 'as-described', faults: [drop()] })
    expect(edges(run)).not.toContain('Active|pauseOnTimeout|Paused')
    expect(run.leakage.gapsMs.some((gapMs) => gapMs > 295_000)).toBe(true)
    expect(broken(run)).toContain('INV-W-PAUSE-ON-DROP')
  })

  test('hardened it is paused, half a minute of it is paid, and the session goes on', () => {
    const run = runWorld({ ...base, policy: 'hardened', faults: [drop()] })
    expect(edges(run)).toContain('Active|pauseOnTimeout|Paused')
    expect(edges(run)).toContain('Paused|resume|Active')
    const [outage] = run.outages.filter(({ isPaused }) => isPaused)
    expect(outage?.lengthMs).toBeGreaterThanOrEqual(300_000)
    expect(outage?.billedMs).toBeLessThanOrEqual(33_000)
    expect(run.deliveredMs).toBeGreaterThan(550_000)
    expect(broken(run)).toEqual([])
  })
})

describe('a world is reproducible', () => {
  const worlds = fc.record({
    seed: fc.nat(),
    run: fc.nat(1000),
    regime: fc.constantFrom(...REGIME_NAMES),
    policy: fc.constantFrom('as-described' as const, 'hardened' as const),
    profile: fc.constantFrom('l1', 'l2'),
    durationMinutes: fc.integer({ min: 3, max: 10 }),
  })

  test('the same options give the same bytes twice', () => {
    fc.assert(
      fc.property(worlds, (options) => {
        const once = runWorld({ ...options, detail: 'full' })
        const again = runWorld({ ...options, detail: 'full' })
        expect(again.hash).toBe(once.hash)
        expect(canonicalJson(again)).toBe(canonicalJson(once))
      }),
      { numRuns: 20 },
    )
  })

  test('another run, seed, policy or length gives another hash', () => {
    const options = { policy: 'hardened', regime: 'mixed', seed: 2, run: 3 } as const
    const all: WorldOptions[] = [
      options,
      { ...options, run: 4 },
      { ...options, seed: 3 },
      { ...options, policy: 'as-described' },
      { ...options, durationMinutes: 5 },
    ]
    const hashes = all.map((each) => runWorld({ durationMinutes: 6, ...each }).hash)
    expect(new Set(hashes).size).toBe(all.length)
  })

  test('golden: this run never changes but on purpose', () => {
    const options = { policy: 'hardened', regime: 'mixed', seed: 7, run: 1 } as const
    const run = runWorld({ ...options, profile: 'l2', durationMinutes: 8 })
    expect([run.hash, run.eventCount, run.bill.effectiveMs]).toMatchInlineSnapshot(`
      [
        "35e1206c3d4901808702f55701db7def",
        969,
        362000,
      ]
    `)
  })
})

describe('the bill', () => {
  test('of the world and the pay by the contract agree, and money is conserved', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...REGIME_NAMES), (seed, regime) => {
        const options = { regime, seed, run: 0, profile: 'l2', durationMinutes: 5 } as const
        for (const policy of ['as-described', 'hardened'] as const) {
          const { endState, bill, milestones } = runWorld({ ...options, policy })
          const { paidMentorUnits, paidPlatformUnits, refundedUnits, escrowUnits } = endState
          const grossUnits = paidMentorUnits + paidPlatformUnits
          expect(grossUnits + refundedUnits + escrowUnits).toBe(endState.totalUnits)
          if (milestones.finalMs === null || milestones.ending === 'cancel') continue
          const billedMs = BigInt(bill.effectiveMs + bill.remainderMs)
          expect(grossUnits).toBe((endState.totalUnits * billedMs) / 300_000n)
        }
      }),
      { numRuns: 25 },
    )
  })

  test('a pause that is taken back in the same second changes nothing', () => {
    const pauses = [{ atMs: 100_000, durationMs: 0, by: 'student' as const }]
    const run = runWorld({ ...base, policy: 'hardened', behaviour: { ...plainCall, pauses } })
    expect(edges(run)).toContain('Active|pause|Paused')
    expect(run.bill.effectiveMs).toBe(600_000)
    expect(broken(run)).toEqual([])
  })

  test('shares that a token refuses to push are claimed, and the escrow ends empty', () => {
    const run = runWorld({ ...base, policy: 'hardened', token: 'refusesAll' })
    expect(run.endState.escrowUnits).toBe(0n)
    expect(edges(run).filter((edge) => edge === 'Completed|claim|Completed').length).toBe(2)
  })

  test('parts without spans and the spans together are the whole', () => {
    const pieces = fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 50 })), { maxLength: 5 })
    fc.assert(
      fc.property(pieces, fc.nat(100), fc.nat(200), (drawn, fromMs, lengthMs) => {
        let atMs = 0
        const spans = drawn.map(([gapMs, spanMs]) => {
          const from = atMs + gapMs
          atMs = from + spanMs
          return { fromMs: from, untilMs: atMs }
        })
        const within = { fromMs, untilMs: fromMs + lengthMs }
        const inside = spans.map((span) => ({
          fromMs: Math.min(Math.max(span.fromMs, within.fromMs), within.untilMs),
          untilMs: Math.max(Math.min(span.untilMs, within.untilMs), within.fromMs),
        }))
        const covered = inside.reduce((sum, span) => {
          return sum + Math.max(0, span.untilMs - span.fromMs)
        }, 0)
        expect(totalMs(partsWithout(spans, within)) + covered).toBe(lengthMs)
      }),
    )
  })
})

/** The platform's part of what was paid, in basis points rounded down; null when nothing was. */
function realisedBps({ grossUnits, platformUnits }: ReturnType<typeof runFactsOf>): number | null {
  return grossUnits === 0n ? null : Number((platformUnits * 10_000n) / grossUnits)
}

describe('facts for statistics', () => {
  test('causes of leakage add up, shares are exclusive, fees are as the policies have them', () => {
    for (const policy of ['as-described', 'hardened'] as const) {
      for (let run = 0; run < 25; run += 1) {
        const options = { policy, regime: 'mixed', seed: 4, run, profile: 'l2' } as const
        const facts = runFactsOf(runWorld({ ...options, durationMinutes: 6 }), true)
        expect(facts.residualUnits).toBe(0n)
        const causes = Object.values(facts.leakage?.causes ?? {})
        expect(causes.reduce((sum, each) => sum + each, 0)).toBe(facts.leakage?.postDrop ?? 0)
        const { completed, autoCompleted, cancelled } = facts.shares
        expect([completed, autoCompleted, cancelled].filter((each) => each === true).length).toBe(1)
        const feeBps = realisedBps(facts) ?? 1_000
        if (policy === 'hardened') expect(feeBps).toBeGreaterThanOrEqual(999)
        expect(feeBps).toBeLessThanOrEqual(1_000)
      }
    }
  })

  test('an hour as described yields the platform 1 %, not 10 %, when releases go through', () => {
    const facts = runFactsOf(
      runWorld({ ...base, durationMinutes: 60, policy: 'as-described' }),
      false,
    )
    expect(realisedBps(facts)).toBeLessThan(200)
    expect(facts.samples.releases?.[0]).toBeGreaterThanOrEqual(18)
  })

  test('heartbeats of a hidden tab come late and are missed', () => {
    const throttled: Fault = {
      ...{ kind: 'timer-throttle', target: 'student.heartbeat' },
      ...{ atMs: 0, durationMs: 900_000, magnitude: 60_000 },
    }
    const calm = runWorld({ ...base, policy: 'hardened' })
    const hidden = runWorld({ ...base, policy: 'hardened', faults: [throttled] })
    expect(missedHeartbeatsBps(calm)[0]).toBe(0)
    expect(missedHeartbeatsBps(hidden)[0]).toBeGreaterThan(2_000)
    expect(broken(hidden)).toEqual([])
  })
})

describe('claims', () => {
  const RUNS = 40
  const session = { profile: 'l2', durationMinutes: 12, seed: 20 } as const

  test.each(REGIME_NAMES)('hardened keeps every claim under %s', (regime) => {
    const witnesses = new Map<string, number>()
    let tightest = 0
    for (let run = 0; run < RUNS; run += 1) {
      const world = runWorld({ ...session, policy: 'hardened', regime, run })
      for (const { id, judge } of progressiveEscrowWorldInvariants) {
        const judgement = judge(world)
        expect({ id, run, violation: judgement.violation }).toEqual({ id, run, violation: null })
        witnesses.set(id, (witnesses.get(id) ?? 0) + judgement.witnesses)
        const { observed = 0, bound = 1 } = judgement
        if (id === 'INV-W-BOUNDED-LEAKAGE') tightest = Math.max(tightest, observed / bound)
      }
    }
    const quiet = ['INV-W-PAUSE-ON-DROP', 'INV-W-KEEPER-FREE']
    for (const { id } of progressiveEscrowWorldInvariants) {
      if (regime !== 'none' || !quiet.includes(id)) expect(witnesses.get(id)).toBeGreaterThan(0)
    }
    // Without faults, sides part by saying so, and little is billed after the last service.
    if (regime !== 'none') expect(tightest).toBeGreaterThan(0.6)
  })

  test('as described, what is expected to fall falls, and nothing else', () => {
    const refuted = new Set<string>()
    for (let run = 0; run < RUNS; run += 1) {
      const world = runWorld({ ...session, policy: 'as-described', regime: 'disconnect', run })
      for (const id of broken(world)) refuted.add(id)
    }
    expect([...refuted].sort()).toEqual([...AS_DESCRIBED_REFUTED].sort())
  })
})

describe('a defect of the world is caught', () => {
  const caught = (defects: WorldDefects, options: Partial<WorldOptions>) => {
    const world = { ...base, policy: 'hardened' as const, ...options }
    const healthy = broken(runWorld(world))
    return broken(runWorld({ ...world, defects })).filter((id) => !healthy.includes(id))
  }

  test('heartbeats that are sent without hearing the other side', () => {
    const faults = [drop({ target: 'student.down', durationMs: 1_200_000 })]
    expect(caught({ beatsUnheard: true }, { faults })).toContain('INV-W-BOUNDED-LEAKAGE')
  })

  test('nobody pauses a silent session', () => {
    const behaviour = { ...plainCall, callMs: 100_000, studentCompletes: false }
    const options = { policy: 'as-described', behaviour } as const
    expect(caught({ nobodyPauses: true }, options)).toContain('INV-W-KEEPER-FREE')
  })

  test('nobody completes, nobody claims', () => {
    expect(caught({ nobodyCompletes: true }, {})).toContain('INV-W-LIVENESS')
    expect(caught({ nobodyClaims: true }, { token: 'refusesAll' })).toContain('INV-W-LIVENESS')
  })

  test('both sides talk on in a pause', () => {
    const pauses = [{ atMs: 100_000, durationMs: 300_000, by: 'student' as const }]
    const options = { behaviour: { ...plainCall, pauses } }
    expect(caught({ serveOn: true }, options)).toContain('INV-W-PROVIDER-EXPOSURE')
  })

  test('a bill by the wrong clock: what is served before the start by it is lost', () => {
    const at = { atMs: 0, durationMs: 0, magnitude: 90_000 }
    const faults: Fault[] = [{ kind: 'clock-offset', target: 'student', ...at }]
    // The student confirms last, 90 s ahead; the call ends before the fourth heartbeat proves more.
    const behaviour = { ...plainCall, studentDelayMs: 8_000, callMs: 268_000 }
    const parameters = { heartbeatIntervalSeconds: 90, graceSeconds: 10 }
    const ids = caught({ billsBySenderClock: true }, { faults, behaviour, parameters })
    expect(ids).toContain('INV-W-PROVIDER-EXPOSURE')
  })
})

describe('a world that makes no sense is refused with the name of the field', () => {
  test.each([
    [{ parameters: { heartbeatIntervalSeconds: 0 } }, 'parameters.heartbeatIntervalSeconds'],
    [{ behaviour: { callMs: -1 } }, 'behaviour.callMs'],
    [{ faults: [drop({ durationMs: -5 })] }, 'faults[0].durationMs'],
    [{ faults: [drop({ target: 'keeper' })] }, 'faults[0].target'],
    [{ regime: 'storm' as never }, 'regime'],
    [{ profile: 'l3' }, 'profile'],
  ] as const)('%j', (parts, field) => {
    const options = { policy: 'hardened', seed: 1, run: 0, ...parts } as WorldOptions
    expect(() => runWorld(options)).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ field }) }),
    )
  })
})
