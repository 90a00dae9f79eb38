/**
 * The world around payment-channel is reproducible; the hardened policy keeps every claim in every
 * regime; every wrong record and every deliberate defect is noticed by name.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../faults/fault.ts'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import type { Behaviour } from './behaviour.ts'
import type { WorldOptions } from './options.ts'
import { broken, downFor, download } from './testing/describedDownload.ts'
import { runWorld } from './world.ts'
import { paymentChannelWorldInvariants } from './worldInvariants.ts'
import type { WorldDefects } from './worldRun.ts'

const POLICIES = ['as-described', 'hardened'] as const

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
      { numRuns: 20 },
    )
  })

  test('keeping the messages changes nothing else', () => {
    const options = { policy: 'hardened', regime: 'mixed', seed: 2, run: 3 } as const
    const full = runWorld({ ...options, detail: 'full' })
    expect(full.messages.length).toBe(full.messageCount)
    expect(runWorld(options)).toEqual({ ...full, messages: [] })
  })

  test('another challenge changes nobody’s mind, and no download', () => {
    for (let run = 0; run < 10; run += 1) {
      const of = (challengeSeconds: number) =>
        runWorld({
          ...{ policy: 'hardened', regime: 'congestion', seed: 3, run },
          parameters: { challengeSeconds },
        })
      const [short, long] = [of(60), of(900)]
      expect(short.behaviour).toEqual(long.behaviour)
      expect([short.faults, short.received]).toEqual([long.faults, long.received])
    }
  })

  test('golden: this download never changes but on purpose', () => {
    const run = download('hardened', { payerEnds: 'forces', hasWatcher: true })
    expect([run.hash, run.eventCount, run.steps.length]).toMatchInlineSnapshot(`
      [
        "9856934b3029642e95aa67f18e4f11bb",
        1084,
        5,
      ]
    `)
  })
})

describe('claims', () => {
  const RUNS = 40
  const forced = download('hardened', { payerEnds: 'forces', redeemsAtBps: 2_000 })

  test('a unit too many or too few is not paid once', () => {
    expect(broken(forced)).toEqual([])
    for (const change of [-1n, 1n]) {
      const receivedUnits = forced.endState.receivedUnits + change
      const endState = { ...forced.endState, receivedUnits }
      expect(broken({ ...forced, endState })).toContain('INV-W-PAID-ONCE')
    }
  })

  test('a byte that came later than it was paid is noticed, and one that never came', () => {
    const late = forced.received.map((count) => ({ ...count, signedMs: count.signedMs + 60_000 }))
    expect(broken({ ...forced, received: late })).toContain('INV-W-NO-UNDELIVERED')
    const received = forced.received.filter(({ bytes }) => bytes < forced.fileBytes)
    expect(broken({ ...forced, received })).toContain('INV-W-NO-UNDELIVERED')
  })

  test('an end that comes a second early, or much later than a challenge, is noticed', () => {
    const { milestones } = forced
    const moved = (byMs: number) => {
      const endedMs = (milestones.endedMs ?? 0) + byMs
      return broken({ ...forced, milestones: { ...milestones, endedMs } })
    }
    const waitedMs = (milestones.endedMs ?? 0) - (milestones.requestedMs ?? 0)
    expect(moved(899_000 - waitedMs)).toContain('INV-W-CHALLENGE')
    expect(moved(300_000)).toContain('INV-W-PAYER-WAIT')
  })

  test('a voucher that the payer never signed is noticed when it is paid', () => {
    const signed = forced.signed.slice(0, -1)
    expect(broken({ ...forced, signed })).toContain('INV-W-VOUCHER-AUTHENTIC')
  })

  test.each(REGIME_NAMES)('hardened keeps every claim under %s, and none is vacuous', (regime) => {
    const witnesses = new Map<string, number>()
    let tightest = 0
    for (let run = 0; run < RUNS; run += 1) {
      const parameters = { challengeSeconds: run % 2 === 0 ? 60 : 900 }
      const world = runWorld({ policy: 'hardened', regime, seed: 20, run, parameters })
      for (const { id, judge } of paymentChannelWorldInvariants) {
        const judgement = judge(world)
        expect({ id, run, violation: judgement.violation }).toEqual({ id, run, violation: null })
        witnesses.set(id, (witnesses.get(id) ?? 0) + judgement.witnesses)
        const { observed = 0, bound = 1 } = judgement
        if (id === 'INV-W-PROVIDER-EXPOSURE') tightest = Math.max(tightest, observed / bound)
      }
    }
    for (const { id } of paymentChannelWorldInvariants) {
      expect([id, (witnesses.get(id) ?? 0) > 0]).toEqual([id, true])
    }
    // The derived bound is one that runs reach.
    expect(tightest).toBe(1)
  })
})

describe('a defect of the world is caught', () => {
  const caught = (
    defects: WorldDefects,
    behaviour: Partial<Behaviour> = {},
    options: Partial<WorldOptions> = {},
  ) => {
    const healthy = broken(download('hardened', behaviour, options))
    const ids = broken(download('hardened', behaviour, { ...options, defects }))
    return ids.filter((id) => !healthy.includes(id))
  }
  const forces = { payerEnds: 'forces' } as const

  test('a payer that signs for what it has not received', () => {
    const ids = caught({ payerSignsAheadBytes: 262_144 }, { redeemsAtBps: 2_000 })
    expect(ids).toEqual(expect.arrayContaining(['INV-W-VOUCHER-AUTHENTIC', 'INV-W-PAYER-EXPOSURE']))
  })

  test('a payer that counts copies', () => {
    const copies: Fault = {
      ...{ kind: 'message-duplication', target: 'provider', atMs: 0, durationMs: 600_000 },
      magnitude: 1_000,
    }
    const ids = caught({ payerCountsCopies: true }, { takesBps: 5_000 }, { faults: [copies] })
    expect(ids).toEqual(expect.arrayContaining(['INV-W-PAYER-EXPOSURE', 'INV-W-NO-UNDELIVERED']))
  })

  test('a provider that does not wait for vouchers', () => {
    const stops = { signs: 'stops', signsUntilBps: 1_000 } as const
    const ids = caught({ providerServesWithoutVouchers: true }, stops)
    expect(ids).toContain('INV-W-PROVIDER-EXPOSURE')
  })

  test('a provider that serves past the deposit', () => {
    // The top-up is stuck when the payer has all that it wants.
    const full: Fault = {
      ...{ kind: 'full-blocks', target: 'chain', atMs: 26_000, durationMs: 120_000 },
      magnitude: 50_000,
    }
    const stuck = { depositBps: 3_000, takesBps: 3_050 }
    const ids = caught({ providerServesPastDeposit: true }, stuck, { faults: [full] })
    expect(ids).toContain('INV-W-DEPOSIT-END')
  })

  test('a provider that takes stale vouchers', () => {
    const late: Fault = {
      ...{ kind: 'message-reordering', target: 'payer', atMs: 0, durationMs: 600_000 },
      magnitude: 3_000,
    }
    const ids = caught(
      { providerTakesStale: true },
      { ...forces, lingersMs: 0 },
      { faults: [late] },
    )
    expect(ids).toContain('INV-W-VOUCHER-REDEEMED')
  })

  test('a provider that does not look at signatures', () => {
    const forging = { signs: 'forges', signsUntilBps: 1_000 } as const
    const ids = caught({ providerTakesForged: true }, forging)
    expect(ids).toContain('INV-W-PROVIDER-EXPOSURE')
  })

  test('a provider that never redeems', () => {
    expect(caught({ providerNeverRedeems: true }, forces)).toContain('INV-W-VOUCHER-REDEEMED')
  })

  test('a watcher that does nothing', () => {
    const faults = [downFor('provider', 55_500, 1_200_000)]
    const ids = caught({ watcherIdle: true }, { ...forces, hasWatcher: true }, { faults })
    expect(ids).toContain('INV-W-VOUCHER-REDEEMED')
  })

  test('a channel that nobody ends', () => {
    expect(caught({ nobodyEnds: true })).toContain('INV-W-LIVENESS')
  })

  test("time by the sender's clock", () => {
    const jump: Fault = {
      ...{ kind: 'clock-jump', target: 'payer', atMs: 100_000, durationMs: 0, magnitude: 250_000 },
    }
    // News after the jump, on which the payer looks at its clock.
    const news = { ...forces, stranger: [{ atMs: 150_000, attempt: 'claim' as const }] }
    const options = { parameters: { challengeSeconds: 300 }, faults: [jump] }
    expect(caught({ timesBySenderClock: true }, news, options)).toContain('INV-W-CHALLENGE')
  })
})

describe('a world that makes no sense is refused with the name of the field', () => {
  const lost = { kind: 'heartbeat-loss', target: 'payer', atMs: 0, durationMs: 1, magnitude: 1 }
  test.each([
    ['parameters.challengeSeconds', { parameters: { challengeSeconds: 59 } }],
    ['behaviour.bytesPerSecond', { behaviour: { bytesPerSecond: 0 } }],
    ['fileBytes', { fileBytes: 0 }],
    ['fileBytes', { fileBytes: 1, bytesPerVoucher: 1_048_576 }],
    ['bytesPerVoucher', { bytesPerVoucher: 1.5 }],
    ['voucherStepUnits', { voucherStepUnits: 0n }],
    ['depositUnits', { depositUnits: 0n }],
    ['expirySeconds', { expirySeconds: 0 }],
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
