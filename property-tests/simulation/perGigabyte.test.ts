/**
 * Goal: what a download takes for a gigabyte is counted once, by the side that sent it, over the
 * bytes of the same runs.
 * Method: facts made here, whose sums can be done by hand or by another route; worlds of the
 * registry only for what every world must give.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gigabyteRatio } from '../../reports/gigabyte.ts'
import type { Gigabyte } from '../../reports/record.ts'
import { simulateShard } from '../../sim/simulate.ts'
import type { DownloadInfo } from '../../sim/world/downloadInfo.ts'
import type { RunFacts } from '../../sim/world/facts.ts'
import { WORLDS, worldOf } from '../../sim/worlds.ts'
import type { SimulatedPart } from './part.ts'
import { gigabyteSections, gigabytesIn } from './perGigabyte.ts'
import { specsOf } from './records.ts'

const [spec] = specsOf({
  ...{ protocol: 'session-escrow', policies: ['hardened'], regimes: ['mixed'] },
  ...{ profiles: ['l2'], seed: 11 },
}) as [SimulatedPart['spec']]
const [base] = simulateShard({ spec, fromRun: 0, untilRun: 1, hasCourse: false }).facts as [
  RunFacts,
]

const GAS = { open: 150_000, pay: 60_000, 'pay!NotWaiting': 30_000, reportProgress: 50_000 }
const CHECKPOINTS: DownloadInfo = {
  payers: ['downloader'],
  payment: { name: 'payment', from: { actions: ['pay', 'retryPayment'] } },
  locks: 'nothing',
}
const VOUCHERS: DownloadInfo = {
  ...CHECKPOINTS,
  payment: { name: 'voucher', from: { sample: 'vouchers' } },
  locks: 'a deposit',
}

type BySender = RunFacts['transactionsBy']
interface Made {
  readonly by: BySender
  readonly samples: RunFacts['samples']
}

function partOf(runs: readonly Made[]): SimulatedPart {
  const facts = runs.map(({ by, samples }, run): RunFacts => {
    const transactions: Record<string, number> = {}
    for (const [call, n] of Object.values(by).flatMap((calls) => Object.entries(calls))) {
      transactions[call] = (transactions[call] ?? 0) + n
    }
    return { ...base, run, samples, transactions, transactionsBy: by }
  })
  return { spec, result: { facts, activeRuns: {} }, gas: GAS }
}

const measureOf = (section: Gigabyte | undefined, name: string) =>
  section?.measures.find((each) => each.name === name)

const WHOLE: Made = {
  by: {
    downloader: { open: 1, pay: 4, 'pay!NotWaiting': 1 },
    seeder0: { reportProgress: 3 },
    seeder1: { reportProgress: 1 },
  },
  samples: { downloadedBytes: [100_000_000], waitedMs: [9_000], downloadMs: [30_000] },
}
const NOTHING_CAME: Made = { by: { downloader: { open: 1 } }, samples: { downloadedBytes: [0] } }
const NO_DOWNLOAD: Made = { by: { downloader: { open: 1 } }, samples: {} }

test('per gigabyte › each transaction belongs to one side, a payment is an accepted call', () => {
  const [section] = gigabytesIn(partOf([WHOLE, NOTHING_CAME, NO_DOWNLOAD]), {
    download: CHECKPOINTS,
  })
  const totals = section?.measures.map(({ name, total, runs }) => [name, total, runs])

  expect(totals).toEqual([
    ['transactions', 11, 2],
    ['transactionsOfPayer', 7, 2],
    ['transactionsOfProvider', 4, 2],
    ['gas', 770_000, 2],
    ['gasOfPayer', 570_000, 2],
    ['gasOfProvider', 200_000, 2],
    ['payments', 4, 2],
    ['waitedMs', 9_000, 1],
    ['downloadMs', 30_000, 1],
  ])
  expect(section).toMatchObject({ runs: 2, bytes: 100_000_000, payment: 'payment' })
  // 770,000 gas at 20 gwei are 0.0154 ether, 46.2 tokens of 6 decimals at 3,000 an ether.
  expect(section?.prices.find(({ gwei }) => gwei === 20)?.costUnits).toBe(46_200_000n)
  // 770,000 for 0.1 GB.
  expect(gigabyteRatio(section as Gigabyte, 'gas')?.value).toBe(7_700_000)
})

test('per gigabyte › times are those of downloads that were completed', () => {
  const { downloadMs: _, ...left } = WHOLE.samples
  const abandoned: Made = { ...WHOLE, samples: { ...left, waitedMs: [900_000] } }
  const [section] = gigabytesIn(partOf([WHOLE, abandoned]), { download: CHECKPOINTS })

  expect(measureOf(section, 'waitedMs')).toMatchObject({
    total: 9_000,
    runs: 1,
    bytes: 100_000_000,
  })
  expect(measureOf(section, 'gas')).toMatchObject({ runs: 2, bytes: 200_000_000 })
})

test('per gigabyte › times are of the same downloads in every part on a chain', () => {
  const [policy] = specsOf({
    ...{ protocol: 'payment-channel', policies: ['hardened'], regimes: ['none'] },
    ...{ profiles: ['l2'], seed: 1 },
  }) as [SimulatedPart['spec']]
  const { downloadMs: _, ...left } = WHOLE.samples
  const slow: Made = { ...WHOLE, samples: { ...WHOLE.samples, downloadMs: [90_000] } }
  const inPart = (regime: 'none' | 'mixed', profile: string, runs: readonly Made[]) => {
    return { ...partOf(runs), spec: { ...policy, regime, profile } }
  }
  const sections = gigabyteSections([
    inPart('none', 'l2', [WHOLE, slow]),
    // Under faults the slow one is left; counted without faults alone, it would make them look
    // fast.
    inPart('mixed', 'l2', [WHOLE, { ...WHOLE, samples: left }]),
    inPart('none', 'l1', [WHOLE, slow]),
  ])

  expect(sections.map((each) => measureOf(each, 'downloadMs')?.total)).toEqual([
    ...[30_000, 30_000, 120_000],
  ])
  expect(sections.map((each) => measureOf(each, 'waitedMs')?.runs)).toEqual([1, 1, 2])
  expect(sections.map((each) => measureOf(each, 'gas')?.runs)).toEqual([2, 2, 2])
})

test('per gigabyte › vouchers are no transactions and are counted where the world says', () => {
  const made: Made = { ...WHOLE, samples: { ...WHOLE.samples, vouchers: [400] } }
  const [section] = gigabytesIn(partOf([made]), { download: VOUCHERS })

  expect(measureOf(section, 'payments')).toMatchObject({ total: 400, runs: 1 })
  expect(measureOf(section, 'transactions')?.total).toBe(10)
  expect(section).toMatchObject({ payment: 'voucher', locks: 'a deposit' })
})

test('per gigabyte › sums are exact whatever the order, and both sides make up the whole', () => {
  const calls = fc.dictionary(fc.constantFrom(...Object.keys(GAS)), fc.integer({ min: 1, max: 9 }))
  const run = fc.record({
    by: fc.dictionary(fc.constantFrom('downloader', 'seeder0', 'seeder1'), calls),
    samples: fc.record({
      downloadedBytes: fc.tuple(fc.nat(2 ** 30)),
      ...{ waitedMs: fc.tuple(fc.nat()), downloadMs: fc.tuple(fc.nat()) },
    }),
  })
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 9 }), (runs) => {
      const [section] = gigabytesIn(partOf(runs), { download: CHECKPOINTS })
      const [turned] = gigabytesIn(partOf(runs.toReversed()), { download: CHECKPOINTS })
      const total = (name: string) => measureOf(section, name)?.total ?? 0
      const bytes = runs.map(({ samples }) => samples.downloadedBytes[0])
      const waited = runs.map(({ samples }) => samples.waitedMs[0])
      const products = waited.map((ms, at) => BigInt(ms) * BigInt(bytes[at] ?? 0))

      expect(turned).toEqual(section)
      expect(total('transactionsOfPayer') + total('transactionsOfProvider')).toBe(
        total('transactions'),
      )
      expect(total('gasOfPayer') + total('gasOfProvider')).toBe(total('gas'))
      expect(measureOf(section, 'waitedMs')?.products).toBe(
        products.reduce((sum, each) => sum + each, 0n),
      )
      expect(section?.bytes).toBe(bytes.reduce((sum, each) => sum + each, 0))
    }),
    { numRuns: 60 },
  )
})

test('per gigabyte › nothing is said of worlds without downloads, or before a run', () => {
  expect(gigabyteSections([partOf([WHOLE])])).toEqual([])
  expect(worldOf('session-escrow').download).toBeUndefined()
  expect(gigabytesIn(partOf([]), { download: CHECKPOINTS })).toEqual([])
  expect(gigabytesIn(partOf([NO_DOWNLOAD]), { download: CHECKPOINTS })).toEqual([])
})

test.each(WORLDS)('facts › every transaction of $protocol has a sender', (world) => {
  const [policy] = world.policies
  const [own] = specsOf({
    ...{ protocol: world.protocol, policies: [policy ?? 'hardened'], regimes: ['mixed'] },
    ...{ profiles: null, seed: 5 },
  })
  const { facts } = simulateShard({
    spec: own as SimulatedPart['spec'],
    ...{ fromRun: 0, untilRun: 6, hasCourse: false },
  })

  for (const { transactions, transactionsBy } of facts) {
    const sums: Record<string, number> = {}
    for (const [call, n] of Object.values(transactionsBy).flatMap((each) => Object.entries(each))) {
      sums[call] = (sums[call] ?? 0) + n
    }
    expect(sums).toEqual(transactions)
  }
  expect(facts.some(({ transactions }) => Object.keys(transactions).length > 0)).toBe(true)
})
