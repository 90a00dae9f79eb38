/**
 * The world around session-escrow: reproducible, right in the worked case, honest about leakage;
 * the hardened policy keeps every claim in every regime, and every deliberate defect is caught by
 * name.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CHAIN_PROFILES, type ChainProfile } from '../chain/modelProfiles.ts'
import type { Fault } from '../faults/fault.ts'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import { leakageOf } from '../world/leakage.ts'
import type { Behaviour } from './behaviour.ts'
import type { WorldOptions } from './options.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, sessionEscrowWorldInvariants } from './worldInvariants.ts'
import type { WorldDefects, WorldRun } from './worldRun.ts'

const everySecond: ChainProfile = {
  ...CHAIN_PROFILES.l1,
  name: 'every-second',
  blockIntervalMs: 1_000,
  skippedSlotBps: 0,
  inclusionBps: 10_000,
  resendAfterMs: 3_000,
}
const plainCall: Behaviour = {
  depositAtMs: 0,
  studentJoinDelayMs: 1_000,
  tutorJoinDelayMs: 1_000,
  studentComes: true,
  tutorComes: true,
  patienceMs: 600_000,
  callMs: 1_800_000,
  hangsUp: 'student',
  topsUp: false,
  tutorForges: 'no',
  stranger: [],
}
/** With these, the session starts at 3 s. */
const base = { seed: 1, run: 0, profile: everySecond, behaviour: plainCall } as const
const startMs = 3_000
const dropAt300: Fault = {
  kind: 'link-down',
  target: 'student',
  atMs: startMs + 300_000,
  durationMs: 1_200_000,
  magnitude: 1,
}
const outageUntil346: Fault = {
  kind: 'relayer-outage',
  target: 'relayer',
  atMs: startMs + 290_000,
  durationMs: 56_500,
  magnitude: 1,
}

function broken(run: WorldRun): string[] {
  const judged = sessionEscrowWorldInvariants.map(({ id, judge }) => ({ id, ...judge(run) }))
  return judged.filter(({ violation }) => violation !== null).map(({ id }) => id)
}

describe('worked case: rate 0.01 a second, drop at second 300, stop included 47 s later', () => {
  const faults = [dropAt300, outageUntil346]

  test('as described it pays 3.47 for a service worth 3.00', () => {
    const run = runWorld({ ...base, policy: 'as-described', faults })
    expect(run.milestones.startedMs).toBe(startMs)
    expect(run.milestones.servedUntilMs).toBe(startMs + 300_000)
    expect(run.milestones.stopIncludedMs).toBe(startMs + 347_000)
    expect(run.endState.paidTutorUnits).toBe(3_470_000n)
    expect(run.endState.refundedUnits).toBe(32_530_000n)
    expect(run.leakage.postDropMs).toBe(47_000)
    expect(broken(run)).toEqual(AS_DESCRIBED_REFUTED)
  })

  test('hardened it pays for the last ping and the timeout, whatever the relayer does', () => {
    const run = runWorld({ ...base, policy: 'hardened', faults })
    expect(run.endState.paidTutorUnits).toBe(3_050_000n)
    expect(run.endState.state).toBe('Closed')
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
  })

  test('the same options give the same bytes twice', () => {
    fc.assert(
      fc.property(worlds, (options) => {
        const once = runWorld({ ...options, detail: 'full' })
        const again = runWorld({ ...options, detail: 'full' })
        expect(again.hash).toBe(once.hash)
        expect(canonicalJson(again)).toBe(canonicalJson(once))
      }),
      { numRuns: 25 },
    )
  })

  test('keeping the messages changes nothing else', () => {
    const options = { policy: 'hardened', regime: 'mixed', seed: 2, run: 3 } as const
    const full = runWorld({ ...options, detail: 'full' })
    const summary = runWorld(options)
    expect(full.messages.length).toBe(full.messageCount)
    expect(summary).toEqual({ ...full, messages: [] })
  })

  test('another run, seed or policy gives another hash', () => {
    const options: WorldOptions = { policy: 'hardened', regime: 'mixed', seed: 2, run: 3 }
    const hashes = [
      options,
      { ...options, run: 4 },
      { ...options, seed: 3 },
      { ...options, policy: 'as-described' as const },
    ].map((each) => runWorld(each).hash)
    expect(new Set(hashes).size).toBe(4)
  })

  test('golden: this run never changes but on purpose', () => {
    const run = runWorld({ policy: 'hardened', regime: 'mixed', seed: 7, run: 1 })
    expect([run.hash, run.eventCount, run.endState.billedSeconds]).toMatchInlineSnapshot(`
      [
        "232ff839fc0ef013a2f4f39ae79f322d",
        45,
        0,
      ]
    `)
  })
})

describe('schedule', () => {
  test('steps come in the order of blocks, at block times that never go back', () => {
    for (const profile of ['l1', 'l2', 'fast'] as const) {
      const behaviour = { callMs: 60_000 }
      const run = runWorld({
        policy: 'hardened',
        regime: 'mixed',
        seed: 5,
        run: 2,
        profile,
        behaviour,
      })
      expect(run.steps.length).toBeGreaterThan(2)
      run.steps.forEach((step, index) => {
        const before = run.steps[index - 1]
        if (before === undefined) return
        expect(step.block).toBeGreaterThanOrEqual(before.block)
        expect(step.planned.atSeconds).toBeGreaterThanOrEqual(before.planned.atSeconds)
      })
    }
  })

  test('money is conserved in every run', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...REGIME_NAMES), (seed, regime) => {
        const { endState } = runWorld({ policy: 'as-described', regime, seed, run: 0 })
        const { paidTutorUnits, paidPlatformUnits, refundedUnits, escrowUnits } = endState
        const out = paidTutorUnits + paidPlatformUnits + refundedUnits
        expect(out + escrowUnits).toBe(endState.depositUnits)
      }),
      { numRuns: 20 },
    )
  })

  test('shares that a token refuses to push are claimed, and the escrow ends empty', () => {
    const parameters = { feeBps: 1_000 }
    const behaviour = { ...plainCall, callMs: 60_000 }
    const run = runWorld({
      ...{ ...base, behaviour, policy: 'hardened', parameters, token: 'refusesAll', faults: [] },
    })
    expect(run.endState.state).toBe('Closed')
    expect(run.endState.escrowUnits).toBe(0n)
    expect(run.steps.filter(({ planned }) => planned.action === 'claim').length).toBe(3)
  })
})

describe('leakage', () => {
  const span = fc.tuple(fc.nat(60_000), fc.integer({ min: 1, max: 60_000 }))
  const inputs = fc.record({
    startedMs: fc.integer({ min: 0, max: 20_000 }),
    billedSeconds: fc.nat(400),
    served: fc.array(span, { maxLength: 4 }).map((parts) => {
      let atMs = 0
      return parts.map(([gapMs, lengthMs]) => {
        const fromMs = atMs + gapMs + 1
        atMs = fromMs + lengthMs
        return { fromMs, untilMs: atMs }
      })
    }),
    detectedMs: fc.option(fc.nat(600_000)),
    submittedMs: fc.option(fc.nat(600_000)),
    includedMs: fc.option(fc.nat(600_000)),
  })

  test('the causes sum to the whole, and all parts to billed minus delivered', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const leak = leakageOf(input)
        const causes = leak.detectionMs + leak.relayMs + leak.inclusionMs + leak.roundingMs
        expect(causes).toBe(leak.postDropMs)
        const parts = leak.startMs + leak.interruptionMs + leak.postDropMs - leak.unbilledMs
        expect(parts).toBe(leak.billedMs - leak.deliveredMs)
        expect(leak.roundingMs).toBeLessThanOrEqual(0)
        expect(leak.roundingMs).toBeGreaterThan(-1000)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('claims', () => {
  const RUNS = 60

  test.each(REGIME_NAMES)('hardened keeps every claim under %s, and none is vacuous', (regime) => {
    const witnesses = new Map<string, number>()
    let tightest = 0
    for (let run = 0; run < RUNS; run += 1) {
      const world = runWorld({ policy: 'hardened', regime, seed: 20, run })
      for (const { id, judge } of sessionEscrowWorldInvariants) {
        const judgement = judge(world)
        expect({ id, run, violation: judgement.violation }).toEqual({ id, run, violation: null })
        witnesses.set(id, (witnesses.get(id) ?? 0) + judgement.witnesses)
        const { observed = 0, bound = 1 } = judgement
        if (id === 'INV-W-BOUNDED-LEAKAGE') tightest = Math.max(tightest, observed / bound)
      }
    }
    for (const { id } of sessionEscrowWorldInvariants) expect(witnesses.get(id)).toBeGreaterThan(0)
    // The derived bound is one that runs come close to: within 10 % in these few runs. With clocks
    // of two sides off by different amounts the bound takes the worse one, so it is reached less
    // often.
    const isSkewed = regime === 'skew' || regime === 'mixed'
    expect(tightest).toBeGreaterThan(isSkewed ? 0.8 : 0.9)
  })

  test('as described, a drop refutes "no leakage after a drop" under disconnect', () => {
    const refuted = new Set<string>()
    for (let run = 0; run < RUNS; run += 1) {
      for (const id of broken(
        runWorld({ policy: 'as-described', regime: 'disconnect', seed: 20, run }),
      ))
        refuted.add(id)
    }
    expect([...refuted].sort()).toEqual([...AS_DESCRIBED_REFUTED].sort())
  })

  test('forged, foreign, altered and crossed pings are tried and refused', () => {
    for (const tutorForges of ['forged', 'foreign', 'altered', 'crossed'] as const) {
      const behaviour = { ...plainCall, tutorForges, callMs: 120_000 }
      const faults = [{ ...dropAt300, atMs: startMs + 50_000 }]
      const run = runWorld({ ...base, policy: 'hardened', behaviour, faults })
      expect(run.steps.map(({ edge }) => edge)).toContain('Stopping|stop|!InvalidPing')
      expect(broken(run)).toEqual([])
    }
  })
})

describe('a defect of the world is caught', () => {
  const caught = (defects: WorldDefects, options: Partial<WorldOptions>) => {
    const world = { ...base, policy: 'as-described' as const, ...options }
    const healthy = broken(runWorld(world))
    const ids = broken(runWorld({ ...world, defects }))
    return ids.filter((id) => !healthy.includes(id))
  }
  const droppedStop: Fault = {
    kind: 'dropped-transaction',
    target: 'relayer',
    atMs: startMs + 300_000,
    durationMs: 30_000,
    magnitude: 1,
  }
  const offset = (target: string, magnitude: number): Fault => {
    return { kind: 'clock-offset', target, atMs: 0, durationMs: 0, magnitude }
  }

  test('a heartbeat service that forgets one side', () => {
    const ids = caught({ serviceForgets: 'student' }, { faults: [dropAt300] })
    expect(ids).toContain('INV-W-KEEPER-FREE')
  })

  test('a relayer that never retries', () => {
    const ids = caught({ relayerNeverRetries: true }, { faults: [dropAt300, droppedStop] })
    expect(ids).toContain('INV-W-KEEPER-FREE')
  })

  test("a clock used by the wrong party: the student signs by the tutor's", () => {
    const defects: WorldDefects = { signsByClockOf: { side: 'student', clockOf: 'tutor' } }
    const ids = caught(defects, {
      policy: 'hardened',
      faults: [dropAt300, offset('tutor', 30_000)],
    })
    expect(ids).toContain('INV-W-PING-AUTHENTIC')
  })

  // Hardened, a clock that is behind at the start is behind in the pings as well, and the two
  // cancel; one that is ahead takes time from the tutor. As described, one that is behind charges
  // the student.
  test('a bill by the wrong clock, ahead: the tutor serves unbilled time', () => {
    const behaviour = { ...plainCall, tutorJoinDelayMs: 5_000 }
    const faults = [dropAt300, offset('tutor', 90_000)]
    const ids = caught({ billsBySenderClock: true }, { policy: 'hardened', faults, behaviour })
    expect(ids).toContain('INV-W-PROVIDER-EXPOSURE')
  })

  test('a bill by the wrong clock, behind: the student pays for time before the start', () => {
    const behaviour = { ...plainCall, tutorJoinDelayMs: 5_000, callMs: 60_000 }
    const ids = caught(
      { billsBySenderClock: true },
      { faults: [offset('tutor', -90_000)], behaviour },
    )
    expect(ids).toContain('INV-W-NO-OVERPAY-DELIVERED')
  })
})

describe('a world that makes no sense is refused with the name of the field', () => {
  test.each([
    [{ parameters: { heartbeatIntervalSeconds: 0 } }, 'parameters.heartbeatIntervalSeconds'],
    [{ behaviour: { callMs: -1 } }, 'behaviour.callMs'],
    [{ faults: [{ ...dropAt300, durationMs: -5 }] }, 'faults[0].durationMs'],
    [{ regime: 'storm' as never }, 'regime'],
    [{ profile: 'l3' }, 'profile'],
  ] as const)('%j', (parts, field) => {
    const options = { policy: 'hardened', seed: 1, run: 0, ...parts } as WorldOptions
    expect(() => runWorld(options)).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ field }) }),
    )
  })
})
