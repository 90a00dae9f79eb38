/**
 * The world around token-job: reproducible, right in the worked cases, honest about what reached
 * the user; the hardened policy keeps every claim in every regime, and every deliberate defect is
 * caught by name.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../faults/fault.ts'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import type { Behaviour } from './behaviour.ts'
import type { WorldOptions } from './options.ts'
import { DESCRIBED_JOB } from './testing/describedJob.ts'
import { runWorld } from './world.ts'
import { tokenJobWorldInvariants } from './worldInvariants.ts'
import type { WorldDefects, WorldRun } from './worldRun.ts'

const POLICIES = ['as-described', 'hardened'] as const
const DEPOSIT = 10_000_000n

function broken(run: WorldRun): string[] {
  const judged = tokenJobWorldInvariants.map(({ id, judge }) => ({ id, ...judge(run) }))
  return judged.filter(({ violation }) => violation !== null).map(({ id }) => id)
}

function job(
  policy: (typeof POLICIES)[number],
  behaviour: Partial<Behaviour> = {},
  options: Partial<WorldOptions> = {},
): WorldRun {
  const whole = { ...DESCRIBED_JOB.behaviour, ...behaviour }
  return runWorld({ ...DESCRIBED_JOB, policy, depositUnits: DEPOSIT, ...options, behaviour: whole })
}

describe.each(POLICIES)('worked case: 2,450 tokens at 0.002, %s', (policy) => {
  test('of a deposit of 10.00 they cost 4.90: 4.41 for the host, 0.49 for the treasury', () => {
    const { endState, deliveredTokens } = job(policy)
    expect(deliveredTokens).toBe(2_450)
    expect(endState).toMatchObject({ state: 'Completed', billedTokens: 2_450, escrowUnits: 0n })
    expect(endState.paidHostUnits).toBe(4_410_000n)
    expect(endState.paidTreasuryUnits).toBe(490_000n)
    expect(endState.refundedUnits).toBe(5_100_000n)
  })

  test('the described deposit of 2.00 ends the session at 1,000 tokens', () => {
    const run = job(policy, {}, { depositUnits: 2_000_000n })
    expect([run.deliveredTokens, run.sentTokens]).toEqual([1_000, 1_000])
    expect(run.milestones.userReason).toBe('deposit-used')
    expect(run.endState).toMatchObject({ billedTokens: 1_000, refundedUnits: 0n })
    expect(run.endState.paidHostUnits).toBe(1_800_000n)
    expect(run.endState.paidTreasuryUnits).toBe(200_000n)
  })

  test('balances start and end at what the bill says, and are never made from nothing', () => {
    const { balances } = job(policy)
    for (const sample of balances) {
      const { userUnits, hostWalletUnits, treasuryWalletUnits, escrowUnits } = sample
      expect(userUnits + hostWalletUnits + treasuryWalletUnits + escrowUnits).toBe(0n)
      const owedUnits = sample.hostAccountUnits + sample.treasuryAccountUnits
      expect(owedUnits).toBeLessThanOrEqual(escrowUnits)
    }
    expect(balances[0]).toMatchObject({ userUnits: -DEPOSIT, escrowUnits: DEPOSIT })
    expect(balances.at(-1)).toMatchObject({ userUnits: -4_900_000n, escrowUnits: 0n })
  })
})

describe('before the session', () => {
  const searched = (behaviour: Partial<Behaviour>, faults: readonly Fault[] = []) => {
    const { discovery, steps, milestones } = job('hardened', behaviour, { faults })
    expect(milestones.createdMs === null).toBe(discovery.outcome !== 'found')
    return { ...discovery, actions: steps.map(({ planned }) => planned.action) }
  }

  test('without an active host nothing happens on chain', () => {
    const hosts = [{ active: false, model: 'fast' as const }]
    expect(searched({ hosts })).toMatchObject({ outcome: 'no-active-host', actions: [] })
    expect(searched({ hosts: [] })).toMatchObject({ outcome: 'no-active-host', actions: [] })
  })

  test('a host with another model is none', () => {
    const hosts = [{ active: true, model: 'slow' as const }]
    expect(searched({ hosts })).toMatchObject({ outcome: 'no-host-with-model', actions: [] })
  })

  test('a search that gets no answer is repeated with back-off, and given up', () => {
    const down = { kind: 'link-down', target: 'user.down', magnitude: 1 } as const
    const cut = (durationMs: number) => [{ ...down, atMs: 500, durationMs }]
    const beginsAtMs = 1_000
    expect(searched({ beginsAtMs }, cut(5_000))).toMatchObject({ outcome: 'found', attempts: 3 })
    const failed = searched({ beginsAtMs }, cut(60_000))
    expect(failed).toMatchObject({ outcome: 'discovery-failed', attempts: 3, actions: [] })
    // After 2, 4 and 8 seconds.
    expect(failed.endedMs).toBe(15_000)
  })

  test('an allowance is raised only if it is too small', () => {
    const actions = (allowanceUnits: number) =>
      searched({ allowanceUnits }).actions.filter((action) => action === 'approve')
    expect(actions(0)).toHaveLength(1)
    expect(actions(9_999_999)).toHaveLength(2)
    expect(actions(10_000_000)).toHaveLength(1)
  })

  test.each(['l1', 'l2', 'fast'])('calls wait for three confirmations on %s', (profile) => {
    expect(job('hardened', {}, { profile }).profile.confirmations).toBe(3)
    const run = job('hardened', {}, { profile })
    const of = (action: string) => run.transactions.find((each) => each.action === action)
    expect(of('createSession')?.submittedMs).toBeGreaterThanOrEqual(of('approve')?.confirmedMs ?? 0)
    const firstPromptMs = run.prompts[0]?.promptedMs ?? 0
    expect(firstPromptMs).toBeGreaterThanOrEqual(of('createSession')?.confirmedMs ?? 0)
    expect(of('approve')?.confirmedMs).not.toBeNull()
  })
})

describe('who cheats', () => {
  const oneLongAnswer = [{ tokens: 2_450, thinkMs: 1_000 }]

  test('as described, a host that claims more is paid for it', () => {
    const run = job('as-described', { overClaimsBps: 2_000 })
    expect(run.endState.billedTokens).toBe(2_940)
    expect(broken(run)).toContain('INV-W-NO-UNDELIVERED')
  })

  test.each(['altered', 'forged', 'foreign', 'crossed'] as const)(
    'hardened, its %s receipt is refused',
    (forgery) => {
      const run = job('hardened', { overClaimsBps: 2_000, forgery })
      expect(run.steps.map(({ edge }) => edge)).toContain('Active|submitProof|!InvalidReceipt')
      expect(run.endState.billedTokens).toBe(2_450)
      expect(broken(run)).toEqual([])
    },
  )

  test('as described, a user who ends just before a proof takes more than an interval', () => {
    const run = job('as-described', { userLeaves: 'early', prompts: oneLongAnswer })
    expect(run.deliveredTokens - run.endState.billedTokens).toBeGreaterThan(1_000)
    expect(broken(run)).toContain('INV-W-HOST-LOSS')
  })

  test('hardened, it takes one interval at most', () => {
    const run = job('hardened', { userLeaves: 'early', prompts: oneLongAnswer })
    const lost = run.deliveredTokens - run.endState.billedTokens
    expect(lost).toBeGreaterThan(900)
    expect(lost).toBeLessThanOrEqual(1_000)
    expect(broken(run)).toEqual([])
  })
})

describe('who vanishes', () => {
  test('the host ends the job of a user who is gone, and is paid what it can prove', () => {
    const run = job('hardened', { userLeaves: 'vanishes', leavesAfterTokens: 1_500 })
    expect(run.milestones).toMatchObject({ userReason: 'vanished', hostReason: 'silence' })
    expect(run.endState).toMatchObject({ state: 'Completed', escrowUnits: 0n })
    expect(broken(run)).toEqual([])
  })

  test.each([
    [1_500, 'TimedOut'],
    [10, 'Abandoned'],
  ])('without both after %i tokens the job is timed out a day later: %s', (tokens, state) => {
    const gone = { leavesAfterTokens: tokens, hostVanishesAfterTokens: tokens }
    const run = job('hardened', { ...gone, userLeaves: 'vanishes' })
    expect(run.endState.state).toBe(state)
    expect(run.milestones.settledMs).toBeGreaterThan(86_400_000)
    expect(run.milestones.settledMs).toBeLessThan(86_400_000 + 600_000)
    expect(run.eventCount).toBeLessThan(5_000)
    expect(broken(run)).toEqual([])
  })
})

describe('a world is reproducible', () => {
  const drawnWorlds = fc.record({
    seed: fc.nat(),
    run: fc.nat(1000),
    regime: fc.constantFrom(...REGIME_NAMES),
    policy: fc.constantFrom(...POLICIES),
    profile: fc.constantFrom('l1', 'l2', 'fast'),
  })

  test('the same options give the same bytes twice', () => {
    fc.assert(
      fc.property(drawnWorlds, (options) => {
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
    expect(full.messages.length).toBe(full.messageCount)
    expect(runWorld(options)).toEqual({ ...full, messages: [] })
  })

  test('golden: this job never changes but on purpose', () => {
    const run = job('hardened')
    expect([run.hash, run.eventCount, run.steps.length]).toMatchInlineSnapshot(`
      [
        "0386667369050bdbce0ff256b8b660d5",
        469,
        10,
      ]
    `)
  })
})

describe('claims', () => {
  const RUNS = 40

  test.each([
    'hostUnits',
    'treasuryUnits',
    'paidHostUnits',
    'paidTreasuryUnits',
    'refundedUnits',
  ] as const)('one unit too many in %s is a wrong split', (figure) => {
    const run = job('hardened')
    expect(broken(run)).toEqual([])
    const endState = { ...run.endState, [figure]: run.endState[figure] + 1n }
    expect(broken({ ...run, endState })).toContain('INV-W-SPLIT')
  })

  test('a search that finds what nobody offers, or misses what is there, is noticed', () => {
    const run = job('hardened')
    const missed = { ...run.discovery, outcome: 'no-active-host' as const }
    expect(broken({ ...run, discovery: missed })).toEqual(['INV-W-DISCOVERY'])
    const hosts = run.behaviour.hosts.map((host) => ({ ...host, active: false }))
    const behaviour = { ...run.behaviour, hosts }
    expect(broken({ ...run, behaviour })).toEqual(['INV-W-DISCOVERY'])
  })

  test.each(REGIME_NAMES)('hardened keeps every claim under %s, and none is vacuous', (regime) => {
    const witnesses = new Map<string, number>()
    let tightest = 0
    for (let run = 0; run < RUNS; run += 1) {
      const depositUnits = run % 2 === 0 ? 2_000_000n : 20_000_000n
      const world = runWorld({ policy: 'hardened', regime, seed: 20, run, depositUnits })
      for (const { id, judge } of tokenJobWorldInvariants) {
        const judgement = judge(world)
        expect({ id, run, violation: judgement.violation }).toEqual({ id, run, violation: null })
        witnesses.set(id, (witnesses.get(id) ?? 0) + judgement.witnesses)
        const { observed = 0, bound = 1 } = judgement
        if (id === 'INV-W-PROVIDER-EXPOSURE') tightest = Math.max(tightest, observed / bound)
      }
    }
    for (const { id } of tokenJobWorldInvariants) expect(witnesses.get(id)).toBeGreaterThan(0)
    // The derived bound is one that runs reach.
    expect(tightest).toBeGreaterThan(0.9)
  })
})

describe('a defect of the world is caught', () => {
  const caught = (defects: WorldDefects, behaviour: Partial<Behaviour> = {}, options = {}) => {
    const healthy = broken(job('hardened', behaviour, options))
    const ids = broken(job('hardened', behaviour, { ...options, defects }))
    return ids.filter((id) => !healthy.includes(id))
  }

  test('a user that signs whatever the host claims', () => {
    const ids = caught({ userSignsClaims: true }, { overClaimsBps: 1_000 })
    expect(ids).toContain('INV-W-NO-UNDELIVERED')
  })

  test('a user that signs for what it has not received', () => {
    expect(caught({ userSignsAheadTokens: 16 })).toContain('INV-W-RECEIPT-AUTHENTIC')
  })

  test('a host that streams past the deposit', () => {
    const behaviour = { prompts: [{ tokens: 2_450, thinkMs: 1_000 }] }
    const options = { depositUnits: 1_000_000n }
    const ids = caught({ hostStreamsPastDeposit: true }, behaviour, options)
    expect(ids).toContain('INV-W-DEPOSIT-END')
  })

  test('a host that streams without receipts', () => {
    const prompts = [{ tokens: 4_000, thinkMs: 1_000 }]
    const down = { kind: 'link-down', target: 'user.up', magnitude: 1 } as const
    const faults = [{ ...down, atMs: 15_000, durationMs: 120_000 }]
    const ids = caught({ hostStreamsWithoutReceipts: true }, { prompts }, { faults })
    expect(ids).toContain('INV-W-SETTLED-EVERY-INTERVAL')
  })

  test('a host that never submits a proof', () => {
    expect(caught({ hostNeverProves: true })).toContain('INV-W-HOST-LOSS')
  })

  test('a job that nobody ends', () => {
    expect(caught({ nobodyEnds: true })).toContain('INV-W-LIVENESS')
  })

  test("time by the sender's clock", () => {
    const behind = { kind: 'clock-offset', target: 'host', atMs: 0, durationMs: 0 } as const
    const faults = [{ ...behind, magnitude: 40_000 }]
    const ids = caught({ timesBySenderClock: true }, {}, { faults })
    expect(ids).toContain('INV-W-PROOF-WINDOW')
  })
})

describe('a world that makes no sense is refused with the name of the field', () => {
  const lost = { kind: 'heartbeat-loss', target: 'user', atMs: 0, durationMs: 1, magnitude: 1 }
  test.each([
    ['parameters.proofIntervalTokens', { parameters: { proofIntervalTokens: 0 } }],
    ['behaviour.tokensPerMinute', { behaviour: { tokensPerMinute: 0 } }],
    ['depositUnits', { depositUnits: 1_999n }],
    ['regime', { regime: 'storm' as never }],
    ['profile', { profile: 'l3' }],
    ['faults[0].target', { faults: [lost] }],
  ] as const)('%s', (field, parts) => {
    const options = { policy: 'hardened', seed: 1, run: 0, ...parts } as WorldOptions
    expect(() => runWorld(options)).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ field }) }),
    )
  })
})
