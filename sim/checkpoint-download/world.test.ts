/**
 * The world around checkpoint-download: reproducible, right in the guide's table and for any size,
 * honest about what arrived; the hardened policy keeps every claim in every regime, and every
 * deliberate defect is caught by name.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../faults/fault.ts'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import { MEBIBYTE_BYTES } from '../world/download.ts'
import { priceOf, type WorldOptions } from './options.ts'
import { broken, caught, download } from './testing/judgedDownload.ts'
import { TABLE_PAYMENTS } from './testing/tableDownload.ts'
import { runWorld } from './world.ts'
import { checkpointDownloadWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const POLICIES = ['as-described', 'hardened'] as const
const PRICE = 10n ** 15n
const CHUNK = 262_144

const paid = ({ endState }: WorldRun) =>
  endState.receivedUnits.reduce((total, each) => total + each, 0n)
const edges = ({ steps }: WorldRun) => steps.map(({ edge }) => edge)
const vanishing = (...afterBytes: number[]) =>
  afterBytes.map((vanishesAfterBytes) => ({ vanishesAfterBytes, overReportsBps: 0 }))

describe.each(POLICIES)('the table of 100 MiB, %s', (policy) => {
  test.each([1, 3, 8])(
    '%i seeders: paid as 10, 30, 70 and 100 MiB arrive, 0.10 together',
    (seeders) => {
      const run = download(policy, {}, { seeders })
      expect(run.payments.map(({ amountUnits }) => amountUnits)).toEqual(TABLE_PAYMENTS)
      expect(paid(run)).toBe(10n ** 17n)
      expect(run.endState).toMatchObject({ state: 'Completed', heldUnits: 0n })
      expect([run.receivedBytes, broken(run)]).toEqual([100 * MEBIBYTE_BYTES, []])
    },
  )

  test('constant: ten payments of 0.01', () => {
    const run = download(policy, {}, { mode: 'constant' })
    expect(run.payments.map(({ amountUnits }) => amountUnits)).toEqual(
      Array.from({ length: 10 }, () => 10n ** 16n),
    )
    expect([run.endState.state, paid(run), broken(run)]).toEqual(['Completed', 10n ** 17n, []])
  })

  test('upfront: all of it before the first byte', () => {
    const run = download(policy, {}, { mode: 'upfront' })
    const [payment, more] = run.payments
    expect([payment?.amountUnits, more]).toEqual([10n ** 17n, undefined])
    expect(run.received[0]?.signedMs).toBeGreaterThan(payment?.confirmedMs ?? Number.MAX_VALUE)
    expect([run.endState.state, paid(run), broken(run)]).toEqual(['Completed', 10n ** 17n, []])
  })
})

describe('any size costs size times price', () => {
  const sizes = [1, CHUNK - 1, CHUNK, CHUNK + 1].concat(
    [10, 100].flatMap((each) => [-1, 0, 1].map((more) => each * MEBIBYTE_BYTES + more)),
  )

  test.each(sizes)('%i bytes', (fileBytes) => {
    for (const seeders of [1, 3, 8]) {
      const run = download('hardened', {}, { fileBytes, seeders })
      const shares = run.ledger.at(-1)?.deliveredBytes.map((bytes) => priceOf(PRICE, bytes)) ?? []
      const due = shares.reduce((total, each) => total + each, 0n)
      expect([run.receivedBytes, run.endState.state]).toEqual([fileBytes, 'Completed'])
      expect(paid(run)).toBe(due)
      const missing = priceOf(PRICE, fileBytes) - due
      expect(missing >= 0n && missing < BigInt(seeders)).toBe(true)
      if (seeders === 1) expect(missing).toBe(0n)
    }
  })

  test('as described what arrives while a report travels is never billed', () => {
    // Several reports follow each other, and the last one tells of all that came in between.
    const run = download('as-described', { stopsByItself: false }, { seeders: 3 })
    expect(run.endState.state).toBe('Completed')
    expect(paid(run)).toBeLessThan(10n ** 17n)
    expect(broken(run)).toContain('INV-W-WHOLE-FILE')
  })

  test('as described a seeder serves on while report and payment are on their way', () => {
    const run = download('as-described', { stopsByItself: false })
    expect(broken(run)).toEqual(['INV-W-CHECKPOINT-PAUSE', 'INV-W-PROVIDER-EXPOSURE'])
  })
})

describe('serving stops for a payment', () => {
  test.each(POLICIES)(
    '%s: requests are answered with 402, and polled until it counts',
    (policy) => {
      const run = download(policy, { stopsByItself: false })
      const [source] = run.sources
      expect(source?.unpaidMs.length).toBeGreaterThan(10)
      expect(source?.polls).toBeGreaterThan(10)
      for (const { paidMs, confirmedMs } of run.payments) {
        const within = run.received.filter(
          ({ signedMs }) => signedMs > (paidMs ?? 0) && signedMs < (confirmedMs ?? 0),
        )
        expect(within).toEqual([])
      }
    },
  )

  test.each([0, 1, 12, 64])('a payment counts %i confirmations deep', (confirmations) => {
    const run = download('hardened', {}, { parameters: { confirmations } })
    expect(run.endState.state).toBe('Completed')
    const [{ paidMs, confirmedMs } = { paidMs: null, confirmedMs: null }] = run.payments
    // Blocks come every 2 s, and that of the payment is the first.
    expect((confirmedMs ?? 0) - (paidMs ?? 0)).toBe(Math.max(0, confirmations - 1) * 2_000)
    const next = run.received.find(({ signedMs }) => signedMs > (paidMs ?? 0))
    expect(next?.signedMs).toBeGreaterThan(confirmedMs ?? 0)
    expect(broken(run)).toEqual([])
  })

  test('a payment that fails is tried again once there is money', () => {
    const run = download('hardened', { purseBps: 4_000 })
    expect(run.payments.map(({ failures }) => failures)).toEqual([0, 0, 1, 0])
    expect(edges(run)).toContain('PaymentFailed|retryPayment|Serving')
    expect([run.endState.state, paid(run), broken(run)]).toEqual(['Completed', 10n ** 17n, []])
  })

  test('without money the downloader leaves; as described nobody can', () => {
    const poor = { purseBps: 4_000, freesMoney: false }
    const hardened = download('hardened', poor)
    expect(hardened.milestones.reason).toBe('broke')
    expect(hardened.endState.state).toBe('Cancelled')
    const asDescribed = download('as-described', poor)
    expect(asDescribed.endState.state).toBe('PaymentFailed')
    expect(edges(asDescribed).filter((edge) => edge.startsWith('PaymentFailed'))).toEqual([])
  })
})

describe('who is gone', () => {
  const options = { seeders: 3 }

  test('the ranges of a seeder that vanishes go to the others, and the file is complete', () => {
    const run = download('hardened', { seeders: vanishing(0, 12 * MEBIBYTE_BYTES) }, options)
    const gone = run.sources[1]
    expect(gone).toMatchObject({ reason: 'vanished', reassignments: 1 })
    expect(run.receivedBytes).toBe(100 * MEBIBYTE_BYTES)
    // The chain knows of the whole file although one never reported what it had delivered last.
    expect(run.endState).toMatchObject({ state: 'Completed', totalBytes: 100 * MEBIBYTE_BYTES })
    expect(gone?.reached.at(-1)?.bytes).toBeGreaterThan(run.ledger.at(-1)?.deliveredBytes[1] ?? 0)
    expect(broken(run)).toEqual([])
  })

  test('one that was cut off gets work again when it is back', () => {
    const down = { kind: 'link-down', target: 'seeder1', magnitude: 1 } as const
    const faults: readonly Fault[] = [{ ...down, atMs: 20_000, durationMs: 30_000 }]
    const run = download('hardened', {}, { ...options, faults, fileBytes: 300 * MEBIBYTE_BYTES })
    const { reached, reassignments } = run.sources[1] ?? { reached: [], reassignments: 0 }
    expect(reassignments).toBe(1)
    expect(reached.some(({ signedMs }) => signedMs > 55_000)).toBe(true)
    expect(reached.some(({ signedMs }) => signedMs > 21_000 && signedMs < 50_000)).toBe(false)
    expect([run.endState.state, broken(run)]).toEqual(['Completed', []])
  })

  test('a downloader that has enough cancels; nothing is paid for the last segment', () => {
    const run = download('hardened', { cancelsAfterBytes: 40 * MEBIBYTE_BYTES })
    expect(run.milestones.reason).toBe('enough')
    expect([run.endState.state, paid(run)]).toEqual(['Cancelled', 3n * 10n ** 16n])
    expect(broken(run)).toEqual([])
  })

  test('a seeder ends the download of a downloader that vanished', () => {
    const run = download('hardened', { vanishesAfterBytes: 40 * MEBIBYTE_BYTES })
    expect(run.sources[0]?.reason).toBe('silence')
    expect([run.endState.state, broken(run)]).toEqual(['Cancelled', []])
  })

  test('a seeder that cannot hear does not end it for the others', () => {
    const deaf = { kind: 'link-down', target: 'seeder2.down', magnitude: 1 } as const
    const faults: readonly Fault[] = [{ ...deaf, atMs: 15_000, durationMs: 900_000 }]
    const slow = { upBytesPerSecond: [400_000, 400_000, 400_000], seederPatienceMs: 20_000 }
    const run = download('hardened', slow, { ...options, faults })
    expect(run.endState.state).toBe('Completed')
    expect(run.sources[2]?.reason).toBeNull()
  })
})

describe('who cheats', () => {
  test('hardened a taker gets a segment and a window, exactly', () => {
    const run = download('hardened', { cheat: 'takes' })
    expect([run.endState.state, broken(run)]).toEqual(['Cancelled', []])
    expect([run.receivedBytes, paid(run)]).toEqual([10 * MEBIBYTE_BYTES + 4 * CHUNK, 0n])
  })

  test('hardened, who acknowledges nothing gets a window', () => {
    const run = download('hardened', { cheat: 'nothing' })
    expect([run.receivedBytes, broken(run)]).toEqual([4 * CHUNK, []])
  })

  test.each(['nothing', 'takes'] as const)('as described %s takes the file for less', (cheat) => {
    const run = download('as-described', { cheat, cheatsFrom: 1, stopsByItself: false })
    expect(broken(run)).toContain('INV-W-PROVIDER-EXPOSURE')
    expect(paid(run)).toBeLessThan(2n * 10n ** 16n)
  })

  test('a payment that is presented twice counts twice as described, and never hardened', () => {
    expect(broken(download('as-described', { cheat: 'repeats' }))).toContain('INV-W-PAYS-ONCE')
    const run = download('hardened', { cheat: 'repeats' })
    expect(edges(run)).toContain('Serving|pay|!NotWaiting')
    expect([paid(run), broken(run)]).toEqual([10n ** 17n, []])
  })

  test('hardened, a seeder that reports too much is left', () => {
    const seeders = [{ vanishesAfterBytes: 0, overReportsBps: 1_000 }]
    const run = download('hardened', { seeders })
    expect(run.milestones.reason).toBe('overcharged')
    expect([paid(run), broken(run)]).toEqual([0n, []])
  })
})

describe('a world is reproducible', () => {
  const drawnWorlds = fc.record({
    seed: fc.nat(),
    run: fc.nat(1000),
    regime: fc.constantFrom(...REGIME_NAMES),
    policy: fc.constantFrom(...POLICIES),
    profile: fc.constantFrom('l1', 'l2', 'fast'),
    seeders: fc.constantFrom(1, 3, 8),
  })

  test('the same options give the same bytes twice', () => {
    fc.assert(
      fc.property(drawnWorlds, (options) => {
        const once = runWorld({ ...options, detail: 'full' })
        const again = runWorld({ ...options, detail: 'full' })
        expect(again.hash).toBe(once.hash)
        expect(canonicalJson(again)).toBe(canonicalJson(once))
      }),
      { numRuns: 15 },
    )
  })

  test('keeping the messages changes nothing else', () => {
    const options = { policy: 'hardened', regime: 'mixed', seed: 2, run: 3 } as const
    const full = runWorld({ ...options, detail: 'full' })
    expect(full.messages.length).toBe(full.messageCount)
    expect(runWorld(options)).toEqual({ ...full, messages: [] })
  })

  test('golden: this download never changes but on purpose', () => {
    const run = download('hardened')
    expect([run.hash, run.eventCount, run.steps.length]).toMatchInlineSnapshot(`
      [
        "a07c39cef11e6512a97d38e37b8a970b",
        1224,
        10,
      ]
    `)
  })
})

describe('claims', () => {
  const RUNS = 40
  const modes = ['exponential', 'upfront', 'constant', 'exponential'] as const

  test.each(REGIME_NAMES)('hardened keeps every claim under %s, and none is vacuous', (regime) => {
    const witnesses = new Map<string, number>()
    let tightest = 0
    for (let run = 0; run < RUNS; run += 1) {
      const [mode, seeders] = [modes[run % 4] ?? 'constant', [1, 3, 2][run % 3] ?? 1]
      const options = { seed: 20, run, mode, seeders, profile: 'l2', fileBytes: 40_000_000 }
      const world = runWorld({ policy: 'hardened', regime, ...options })
      for (const { id, judge } of checkpointDownloadWorldInvariants) {
        const judgement = judge(world)
        expect({ id, run, violation: judgement.violation }).toEqual({ id, run, violation: null })
        witnesses.set(id, (witnesses.get(id) ?? 0) + judgement.witnesses)
        const { observed = 0, bound = 1 } = judgement
        if (id === 'INV-W-PROVIDER-EXPOSURE') tightest = Math.max(tightest, observed / bound)
      }
    }
    for (const { id } of checkpointDownloadWorldInvariants) {
      expect([id, (witnesses.get(id) ?? 0) > 0]).toEqual([id, true])
    }
    // The derived bound is one that runs reach.
    expect(tightest).toBeGreaterThan(0.9)
  })

  test('one unit too many or too few for a seeder is noticed', () => {
    const run = download('hardened', {}, { seeders: 3 })
    const bent = (by: bigint) => {
      const ledger = run.ledger.map((entry) => ({
        ...entry,
        paidUnits: entry.paidUnits.with(1, (entry.paidUnits[1] ?? 0n) + by),
      }))
      return broken({ ...run, ledger })
    }
    expect(bent(0n)).toEqual([])
    expect(bent(1n)).toEqual(
      expect.arrayContaining(['INV-W-SPLIT', 'INV-W-WHOLE-FILE', 'INV-W-NO-UNDELIVERED']),
    )
    expect(bent(-1n)).toEqual(expect.arrayContaining(['INV-W-SPLIT', 'INV-W-WHOLE-FILE']))
  })
})

describe('a defect of the world is caught', () => {
  const down = { kind: 'link-down', target: 'downloader', magnitude: 1 } as const

  test('a seeder that serves past its limit', () => {
    const ids = caught({ seederServesPastLimit: true }, { cheat: 'takes' }, { profile: 'l1' })
    expect(ids).toContain('INV-W-CHECKPOINT-PAUSE')
    expect(ids).toContain('INV-W-SEEDER-LOSS')
  })

  test('a seeder that counts what is not acknowledged', () => {
    const faults: readonly Fault[] = [{ ...down, atMs: 4_800, durationMs: 20_000 }]
    const ids = caught({ seederReportsWhatItSent: true }, {}, { faults, fileBytes: 10_000_000 })
    expect(ids).toContain('INV-W-METERED')
  })

  test('a downloader that pays whatever is asked', () => {
    const seeders = [{ vanishesAfterBytes: 10 * MEBIBYTE_BYTES + 1, overReportsBps: 1_000 }]
    const ids = caught({ downloaderPaysWhateverIsAsked: true }, { seeders })
    expect(ids).toContain('INV-W-NO-UNDELIVERED')
    expect(ids).toContain('INV-W-PAYER-EXPOSURE')
  })

  test('a seeder that resumes without a confirmation', () => {
    expect(caught({ seederServesUnconfirmed: true })).toContain('INV-W-CHECKPOINT-PAUSE')
  })

  test('a downloader that re-assigns nothing', () => {
    const behaviour = { seeders: vanishing(0, 2 * MEBIBYTE_BYTES) }
    const ids = caught({ downloaderNeverReassigns: true }, behaviour, { seeders: 3 })
    expect(ids).toContain('INV-W-COMPLETES')
  })

  test('a downloader that does not ask again after a 402', () => {
    expect(caught({ downloaderNeverPolls: true })).toContain('INV-W-RESUME')
  })

  test('a download that nobody leaves', () => {
    expect(caught({ nobodyLeaves: true }, { cancelsAfterBytes: 1 })).toContain('INV-W-LIVENESS')
  })

  test('a client that takes a MiB for a MB', () => {
    expect(caught({ megabytesForMebibytes: true })).toContain('INV-W-COMPLETES')
  })
})

describe('a world that makes no sense is refused with the name of the field', () => {
  const lost = {
    kind: 'heartbeat-loss',
    target: 'downloader',
    atMs: 0,
    durationMs: 1,
    magnitude: 1,
  }
  const cut = { ...lost, kind: 'link-down', target: 'seeder1' }
  test.each([
    ['parameters.chunkBytes', { parameters: { chunkBytes: 0 } }],
    ['behaviour.downBytesPerSecond', { behaviour: { downBytesPerSecond: 0 } }],
    ['terms.fileBytes', { fileBytes: 0 }],
    ['terms.fileBytes', { fileBytes: 2 ** 40 }],
    ['terms.seeders', { seeders: 9 }],
    ['regime', { regime: 'storm' as never }],
    ['profile', { profile: 'l3' }],
    ['faults[0].target', { faults: [lost] }],
    ['faults[0].target', { seeders: 1, faults: [cut] }],
  ] as const)('%s', (field, parts) => {
    const options = { policy: 'hardened', seed: 1, run: 0, ...parts } as WorldOptions
    expect(() => runWorld(options)).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ field }) }),
    )
  })
})
