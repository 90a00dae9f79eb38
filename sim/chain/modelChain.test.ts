/**
 * The model chain: the base fee against known values, the pool's rules one by one, reorgs, and the
 * course of slots.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFaultLookup } from '../faults/faultLookup.ts'
import { streamsOf } from '../kernel/random.ts'
import type { ChainTransaction } from './chain.ts'
import { nextBaseFeeWei } from './modelBaseFee.ts'
import { createModelChain } from './modelChain.ts'
import { CHAIN_PROFILES, type ChainProfile, chainProfileNamed } from './modelProfiles.ts'
import { createSlots } from './modelSlots.ts'

const GWEI = 1_000_000_000n
const certain: ChainProfile = { ...CHAIN_PROFILES.l1, inclusionBps: 10_000, skippedSlotBps: 0 }
const streams = () => streamsOf({ seed: 1, run: 0 })
const order = (slot: number, backgroundGas = 15_000_000, clearingTipWei = 2n * GWEI) => {
  return { slot, timestampSeconds: slot * 12, backgroundGas, clearingTipWei }
}
const transaction = (parts: Partial<ChainTransaction> = {}): ChainTransaction => ({
  sender: 'relayer',
  nonce: 0,
  maxFeeWei: 100n * GWEI,
  tipWei: 2n * GWEI,
  gas: 150_000,
  payload: 'stop',
  ...parts,
})

function feeAfterFullBlocks(count: number): bigint {
  let baseFeeWei = 1_000_000n * GWEI
  for (let block = 0; block < count; block += 1) {
    baseFeeWei = nextBaseFeeWei({ baseFeeWei, gasUsed: 30_000_000, gasLimit: 30_000_000 })
  }
  return baseFeeWei
}

describe('base fee', () => {
  test('full blocks double it in 5.9 blocks, ten of them make it 3.25 times as high', () => {
    const start = 1_000_000n * GWEI
    expect(feeAfterFullBlocks(5)).toBeLessThan(2n * start)
    expect(feeAfterFullBlocks(6)).toBeGreaterThan(2n * start)
    expect(Number((feeAfterFullBlocks(10) * 1000n) / start)).toBe(3247)
    expect(Number(feeAfterFullBlocks(60) / start)).toBe(1172)
  })

  test('examples of the specification: same at the target, −1/8 when empty, +1 at least', () => {
    const parent = { baseFeeWei: 1_000_000_000n, gasLimit: 20_000_000 }
    expect(nextBaseFeeWei({ ...parent, gasUsed: 10_000_000 })).toBe(1_000_000_000n)
    expect(nextBaseFeeWei({ ...parent, gasUsed: 0 })).toBe(875_000_000n)
    expect(nextBaseFeeWei({ ...parent, gasUsed: 20_000_000 })).toBe(1_125_000_000n)
    expect(nextBaseFeeWei({ ...parent, gasUsed: 9_000_000 })).toBe(987_500_000n)
    expect(nextBaseFeeWei({ baseFeeWei: 1n, gasLimit: 20_000_000, gasUsed: 10_000_001 })).toBe(2n)
  })

  test('it never moves by more than one part in eight, upwards at least by 1', () => {
    const parents = fc.record({
      baseFeeWei: fc.bigInt({ min: 0n, max: 10_000n * GWEI }),
      gasLimit: fc.constant(30_000_000),
      gasUsed: fc.integer({ min: 0, max: 30_000_000 }),
    })
    fc.assert(
      fc.property(parents, (parent) => {
        const next = nextBaseFeeWei(parent)
        const eighth = parent.baseFeeWei / 8n
        expect(next).toBeGreaterThanOrEqual(parent.baseFeeWei - eighth)
        expect(next).toBeLessThanOrEqual(parent.baseFeeWei + (eighth > 1n ? eighth : 1n))
      }),
      { numRuns: 500 },
    )
  })
})

describe('pool', () => {
  test('takes a replacement only for ten percent more of both fees', () => {
    const chain = createModelChain(certain, streams())
    expect(chain.send(transaction())).toBe('accepted')
    expect(chain.send(transaction())).toBe('already-known')
    const tipOnly = transaction({ tipWei: 3n * GWEI })
    expect(chain.send(tipOnly)).toBe('replacement-underpriced')
    const almost = transaction({ tipWei: 3n * GWEI, maxFeeWei: 110n * GWEI - 1n })
    expect(chain.send(almost)).toBe('replacement-underpriced')
    expect(chain.send(transaction({ tipWei: 3n * GWEI, maxFeeWei: 110n * GWEI }))).toBe('accepted')
    expect(chain.pendingCount()).toBe(1)
  })

  test('includes by tip, in the order of nonces, and only what pays the base fee', () => {
    const chain = createModelChain(certain, streams())
    chain.send(transaction({ sender: 'a', tipWei: 1n * GWEI }))
    chain.send(transaction({ sender: 'b', nonce: 1, tipWei: 9n * GWEI }))
    chain.send(transaction({ sender: 'b', nonce: 0, tipWei: 3n * GWEI }))
    chain.send(transaction({ sender: 'c', maxFeeWei: 19n * GWEI }))
    const block = chain.mine(order(1))
    const included = block.transactions.map(({ sender, nonce }) => `${sender}${nonce}`)
    expect(included).toEqual(['b0', 'b1', 'a0'])
    expect(chain.pendingCount()).toBe(1)
    expect(chain.send(transaction({ sender: 'b', nonce: 0 }))).toBe('nonce-too-low')
  })

  test('in a full block only a tip at the clearing price displaces others', () => {
    const chain = createModelChain(certain, streams())
    chain.send(transaction({ sender: 'poor', tipWei: 4n * GWEI }))
    chain.send(transaction({ sender: 'rich', tipWei: 5n * GWEI }))
    const block = chain.mine(order(1, 30_000_000, 5n * GWEI))
    expect(block.transactions.map(({ sender }) => sender)).toEqual(['rich'])
  })

  test('forgets what is dropped, and nothing else', () => {
    const chain = createModelChain(certain, streams())
    chain.send(transaction({ sender: 'a' }))
    chain.send(transaction({ sender: 'b' }))
    expect(chain.drop('a')).toBe(1)
    expect(chain.mine(order(1)).transactions.map(({ sender }) => sender)).toEqual(['b'])
  })

  test('a reorg returns what the newest blocks held, and it is included again', () => {
    const chain = createModelChain(certain, streams())
    chain.send(transaction({ sender: 'old' }))
    chain.mine(order(1))
    chain.send(transaction({ sender: 'new' }))
    chain.mine(order(2))
    expect(chain.reorg(1).map(({ sender }) => sender)).toEqual(['new'])
    expect(chain.mine(order(3)).transactions.map(({ sender }) => sender)).toEqual(['new'])
  })
})

describe('idle blocks', () => {
  const slotsOf = (seed: number, profile: ChainProfile) =>
    createSlots({
      ...{ profile, streams: streamsOf({ seed, run: 0 }), epochSeconds: 1_800_000_000 },
      faults: createFaultLookup([
        { kind: 'full-blocks', target: 'chain', atMs: 200_000, durationMs: 300_000, magnitude: 5 },
      ]),
    })

  test('made at once they are those that are made one by one, reorgs included', () => {
    const cases = fc.record({
      seed: fc.nat(),
      name: fc.constantFrom('l1' as const, 'l2' as const),
      spans: fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 4 }),
    })
    const property = fc.property(cases, ({ seed, name, spans }) => {
      const profile = CHAIN_PROFILES[name]
      const slots = slotsOf(seed, profile)
      const [atOnce, single] = [1, 2].map(() => createModelChain(profile, streams()))
      let [afterMs, untilMs] = [-1, 0]
      for (const spanMs of spans) {
        untilMs += spanMs
        const made = atOnce?.mineIdle?.(slots, { afterMs, untilMs })
        let last: unknown = null
        for (let next = slots.next(afterMs); next.atMs <= untilMs; next = slots.next(next.atMs)) {
          afterMs = next.atMs
          last = single?.mine(slots.order(next.slot, single.nextBaseFeeWei()))
        }
        expect(made?.newest ?? null).toEqual(last)
        expect(atOnce?.nextBaseFeeWei()).toBe(single?.nextBaseFeeWei())
        if (last !== null) expect(made?.atMs).toBe(afterMs)
        expect(atOnce?.reorg(2)).toEqual(single?.reorg(2))
      }
    })
    fc.assert(property, { numRuns: 60 })
  })

  test('days are leapt over: the same number, and the same fee but for rounding', () => {
    const profile = CHAIN_PROFILES.l1
    const slots = slotsOf(3, profile)
    const span = { afterMs: -1, untilMs: 24 * 3_600_000 }
    const [atOnce, single] = [1, 2].map(() => createModelChain(profile, streams()))
    const made = atOnce?.mineIdle?.(slots, span)
    let ordered = 0
    const counting = {
      ...slots,
      order: (slot: number, fee: bigint) => {
        ordered += 1
        return slots.order(slot, fee)
      },
    }
    createModelChain(profile, streams()).mineIdle?.(counting, span)
    expect(ordered).toBeLessThan(2_100)
    let number = 0
    for (let next = slots.next(-1); next.atMs <= span.untilMs; next = slots.next(next.atMs)) {
      number = single?.mine(slots.order(next.slot, single.nextBaseFeeWei())).number ?? 0
    }
    expect(made?.newest.number).toBe(number)
    const [fee, exact] = [Number(atOnce?.nextBaseFeeWei()), Number(single?.nextBaseFeeWei())]
    expect(Math.abs(fee - exact) / exact).toBeLessThan(1e-8)
  })
})

describe('slots', () => {
  const plan = (faults: Parameters<typeof createFaultLookup>[0] = []) =>
    createSlots({
      profile: CHAIN_PROFILES.l1,
      streams: streams(),
      faults: createFaultLookup(faults),
      epochSeconds: 1_800_000_000,
    })

  test('block times are multiples of 12 s, strictly later, and skip some slots', () => {
    const slots = plan()
    let atMs = -1
    let skipped = 0
    for (let block = 0; block < 5_000; block += 1) {
      const next = slots.next(atMs)
      expect(next.atMs % 12_000).toBe(0)
      expect(next.atMs).toBeGreaterThan(atMs)
      if (atMs >= 0) skipped += (next.atMs - atMs) / 12_000 - 1
      atMs = next.atMs
    }
    expect(Math.abs(skipped / 5_000 - 0.0076)).toBeLessThan(0.0065)
  })

  test('with 250 ms blocks four blocks bear one timestamp', () => {
    const slots = createSlots({
      profile: CHAIN_PROFILES.fast,
      streams: streams(),
      faults: createFaultLookup([]),
      epochSeconds: 1_800_000_000,
    })
    const seconds = [4, 5, 6, 7, 8].map((slot) => slots.order(slot, GWEI).timestampSeconds % 100)
    expect(seconds).toEqual([1, 1, 1, 1, 2])
  })

  test('a surge fills blocks until the base fee has grown by its factor', () => {
    const surge = { kind: 'base-fee-surge', target: 'chain', magnitude: 300 } as const
    const slots = plan([{ ...surge, atMs: 0, durationMs: 3_600_000 }])
    const resting = CHAIN_PROFILES.l1.restingBaseFeeWei
    expect(slots.order(10, resting).backgroundGas).toBe(30_000_000)
    expect(slots.order(10, 3n * resting).backgroundGas).toBeLessThan(30_000_000)
  })

  test('full blocks end where nobody would pay: the base fee stays within 60 full blocks', () => {
    const full = { kind: 'full-blocks', target: 'chain', magnitude: 3_000 } as const
    const slots = plan([{ ...full, atMs: 0, durationMs: 86_400_000 }])
    const { gasLimit, restingBaseFeeWei } = CHAIN_PROFILES.l1
    let baseFeeWei = restingBaseFeeWei
    for (let slot = 1; slot <= 500; slot += 1) {
      const { backgroundGas } = slots.order(slot, baseFeeWei)
      baseFeeWei = nextBaseFeeWei({ baseFeeWei, gasUsed: backgroundGas, gasLimit })
    }
    expect(Number(baseFeeWei / restingBaseFeeWei)).toBeGreaterThan(1_000)
    expect(Number(baseFeeWei / restingBaseFeeWei)).toBeLessThan(1_400)
  })

  test('a profile that does not exist is refused by name', () => {
    expect(() => chainProfileNamed('l3')).toThrow('There is no chain profile "l3".')
  })
})
