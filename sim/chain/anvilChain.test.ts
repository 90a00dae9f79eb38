/**
 * The model chain beside a real Anvil: the same submissions, fees and demand, and then the same
 * transactions in the same blocks, in the same order, at the same base fee to the wei. The relation
 * is equality as long as no two effective tips are equal and transactions use the gas that they
 * offer. Beside it, what Anvil's own pool does otherwise than a network's, so that a new version
 * shows.
 */
import type { Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '../faults/fault.ts'
import { createFaultLookup } from '../faults/faultLookup.ts'
import { uniformInteger } from '../kernel/distributions.ts'
import { type StreamOf, streamsOf } from '../kernel/random.ts'
import { type AnvilChain, openAnvilChain } from './anvilChain.ts'
import { BURNER, backgroundPieces, halvingPieces } from './anvilDemand.ts'
import { type AnvilProcess, startAnvil } from './anvilProcess.ts'
import type { Chain, ChainTransaction, MinedBlock } from './chain.ts'
import { createModelChain } from './modelChain.ts'
import { CHAIN_PROFILES, type ChainProfile } from './modelProfiles.ts'
import { createSlots } from './modelSlots.ts'
import { CALL_GAS_UNIT } from './poolRules.ts'

const GWEI = 1_000_000_000n
const EPOCH_SECONDS = 1_800_000_000
const NAMES = ['a', 'b', 'c', 'd', 'e'] as const
const senders = Object.fromEntries(
  NAMES.map((name, index): [string, Address] => [
    name,
    `0x${(0xc0de00 + index).toString(16).padStart(40, '0')}`,
  ]),
)

let anvil: AnvilProcess
beforeAll(async () => {
  anvil = await startAnvil({ order: 'fees' })
})
afterAll(() => anvil.stop())

/** Opens a chain on a snapshot, so that each test finds the node as it was. */
async function onAnvil<Result>(
  profile: ChainProfile,
  streams: StreamOf,
  task: (chain: AnvilChain) => Promise<Result>,
): Promise<Result> {
  const { rpc } = anvil
  const snapshot = await rpc.request('evm_snapshot')
  try {
    const encode = async ({ sender }: ChainTransaction) => ({
      from: senders[sender] as Address,
      to: BURNER,
      data: '0x' as const,
    })
    return await task(await openAnvilChain({ rpc, profile, streams, senders, encode }))
  } finally {
    await rpc.request('anvil_dropAllTransactions')
    await rpc.request('evm_revert', [snapshot])
  }
}

const fault = (kind: Fault['kind'], atMs: number, durationMs: number, magnitude: number): Fault => {
  return { kind, target: 'chain', atMs, durationMs, magnitude }
}

interface Script {
  readonly seed: number
  readonly profile: ChainProfile
  readonly faults: readonly Fault[]
  readonly blocks: number
}

/** What a script does to a chain; everything that it draws is keyed, so two chains see the same. */
async function play(chain: Chain, { seed, profile, faults, blocks }: Script) {
  const streams = streamsOf({ seed, run: 0 })
  const slots = createSlots({
    profile,
    streams,
    faults: createFaultLookup(faults),
    epochSeconds: EPOCH_SECONDS,
  })
  const script = streams('test/script')
  const draw = (least: number, most: number) => uniformInteger(script.unit(), { least, most })
  const mined: MinedBlock[] = []
  const replies: string[] = []
  const next: Record<string, number> = {}
  let atMs = -1
  for (let count = 0; count < blocks; count += 1) {
    for (let offers = draw(0, 3); offers > 0; offers -= 1) {
      const sender = NAMES[draw(0, NAMES.length - 1)] as string
      const isBump = draw(0, 2) === 0 && (next[sender] ?? 0) > 0
      const nonce = (next[sender] ?? 0) - (isBump ? 1 : 0)
      // No two tips are equal: a tie goes to whoever came first, and a nonce that waited for its
      // predecessor comes to the two pools at different times.
      const tipWei = BigInt(draw(1, 60)) * (GWEI / 10n) + BigInt(replies.length)
      // From a bid that the base fee has overtaken already to one that it never will.
      const headroom = BigInt(draw(90, 300))
      const maxFeeWei = ((await chain.nextBaseFeeWei()) * headroom) / 100n + tipWei
      const gas = CALL_GAS_UNIT * draw(1, 3)
      const payload = `${sender}${nonce}/${tipWei}`
      const reply = await chain.send({ sender, nonce, maxFeeWei, tipWei, gas, payload })
      if (reply === 'accepted' && !isBump) next[sender] = nonce + 1
      replies.push(`${payload} ${reply}`)
    }
    const chance = draw(0, 99)
    if (chance < 4 && count > 3) {
      const returned = await chain.reorg(draw(1, 2))
      replies.push(`reorg ${returned.map(({ payload }) => payload).join(' ')}`)
    }
    const { slot, atMs: slotMs } = slots.next(atMs)
    atMs = slotMs
    const order = slots.order(slot, await chain.nextBaseFeeWei())
    // Demand that transactions can express to the unit of gas.
    const backgroundGas = Math.floor(order.backgroundGas / 30_000) * 30_000
    mined.push(await chain.mine({ ...order, backgroundGas }))
    replies.push(`waiting ${await chain.pendingCount()}`)
  }
  return { mined, replies }
}

function lines({ mined }: { readonly mined: readonly MinedBlock[] }): string[] {
  return mined.map(({ number, timestampSeconds, baseFeeWei, gasUsed, transactions }) => {
    const included = transactions.map(({ payload, paidTipWei }) => `${payload}=${paidTipWei}`)
    return `${number} @${timestampSeconds} ${baseFeeWei} ${gasUsed} [${included.join(' ')}]`
  })
}

describe('the same submissions on both chains', () => {
  const surge = fault('base-fee-surge', 120_000, 240_000, 300)
  const full = fault('full-blocks', 400_000, 200_000, 3_000)
  test.each([
    ['l1', 1],
    ['l1', 2],
    ['l1', 3],
    ['l2', 4],
    ['l2', 5],
    ['fast', 6],
  ] as const)(
    '%s, seed %i: same block, same order, same base fee to the wei',
    async (name, seed) => {
      const profile = { ...CHAIN_PROFILES[name], gasLimit: 30_000_000 }
      const scale = profile.blockIntervalMs / 12_000
      const faults = [surge, full].map((each) => ({
        ...each,
        atMs: Math.floor(each.atMs * scale),
        durationMs: Math.floor(each.durationMs * scale),
      }))
      const script = { seed, profile, faults, blocks: 70 }
      const streams = streamsOf({ seed, run: 0 })
      const modelled = await play(createModelChain(profile, streams), script)
      const real = await onAnvil(profile, streams, (chain) => play(chain, script))
      expect(lines(real)).toEqual(lines(modelled))
      expect(real.replies).toEqual(modelled.replies)
      // The comparison is about something: much was included, and some blocks were full.
      const included = modelled.mined.flatMap(({ transactions }) => transactions)
      expect(included.length).toBeGreaterThan(40)
      const fullCount = modelled.mined.filter(({ gasUsed }) => gasUsed === profile.gasLimit).length
      expect(fullCount).toBeGreaterThan(10)
    },
  )
})

describe('one chain of the world on Anvil', () => {
  const profile: ChainProfile = { ...CHAIN_PROFILES.l1, inclusionBps: 10_000, skippedSlotBps: 0 }
  const streams = () => streamsOf({ seed: 1, run: 0 })
  const order = (slot: number, backgroundGas = 15_000_000, clearingTipWei = 2n * GWEI) => {
    return { slot, timestampSeconds: EPOCH_SECONDS + slot * 12, backgroundGas, clearingTipWei }
  }
  const bid = (sender: string, maxGwei: bigint, tipGwei: bigint): ChainTransaction => ({
    ...{ sender, nonce: 0, gas: CALL_GAS_UNIT, payload: sender },
    ...{ maxFeeWei: maxGwei * GWEI, tipWei: tipGwei * GWEI },
  })
  const sendersOf = ({ transactions }: MinedBlock) => transactions.map(({ sender }) => sender)

  test('orders by effective tip, not by maximum fee', async () => {
    await onAnvil(profile, streams(), async (chain) => {
      await chain.send(bid('a', 100n, 1n))
      await chain.send(bid('b', 90n, 9n))
      expect(sendersOf(await chain.mine(order(1)))).toEqual(['b', 'a'])
    })
  })

  test('keeps a bid that the base fee overtakes until it falls again', async () => {
    await onAnvil(profile, streams(), async (chain) => {
      await chain.send(bid('a', 21n, 1n))
      for (const slot of [1, 2]) await chain.mine(order(slot, 30_000_000, 9n * GWEI))
      expect(await chain.nextBaseFeeWei()).toBeGreaterThan(21n * GWEI)
      let slot = 3
      for (; (await chain.nextBaseFeeWei()) > 21n * GWEI; slot += 1) {
        expect(sendersOf(await chain.mine(order(slot, 0)))).toEqual([])
      }
      expect(sendersOf(await chain.mine(order(slot, 0)))).toEqual(['a'])
    })
  })

  test('dropped is dropped, and what a reorg returns is included again', async () => {
    await onAnvil(profile, streams(), async (chain) => {
      await chain.send(bid('a', 100n, 1n))
      await chain.send(bid('b', 100n, 2n))
      expect(await chain.drop('a')).toBe(1)
      expect(sendersOf(await chain.mine(order(1)))).toEqual(['b'])
      const baseFeeWei = await chain.nextBaseFeeWei()
      expect((await chain.reorg(1)).map(({ sender }) => sender)).toEqual(['b'])
      expect(chain.executions).toEqual([])
      expect(await chain.nextBaseFeeWei()).toBe(baseFeeWei)
      expect(sendersOf(await chain.mine(order(2)))).toEqual(['b'])
      const done = chain.executions.map(({ block, ok }) => ({ block, ok }))
      expect(done).toEqual([{ block: 2, ok: false }])
    })
  })
})

describe("what Anvil's own pool does otherwise than a network's", () => {
  const profile = CHAIN_PROFILES.l1
  const streams = () => streamsOf({ seed: 1, run: 0 })
  interface Bid {
    readonly maxGwei: bigint
    readonly tipGwei?: bigint
    readonly nonce?: number
  }
  const offer = (sender: string, { maxGwei, tipGwei = 1n, nonce = 0 }: Bid) => {
    const hex = (value: bigint) => `0x${value.toString(16)}`
    const fees = { maxFeePerGas: hex(maxGwei * GWEI), maxPriorityFeePerGas: hex(tipGwei * GWEI) }
    const call = { from: senders[sender], to: BURNER, gas: '0x186a0', nonce: hex(BigInt(nonce)) }
    return anvil.rpc.request<string>('eth_sendTransaction', [{ ...call, ...fees }])
  }
  const mined = async () => {
    await anvil.rpc.request('evm_mine')
    const block = await anvil.rpc.request<{
      readonly transactions: readonly { readonly from: string; readonly nonce: string }[]
    }>('eth_getBlockByNumber', ['latest', true])
    const nameOf = (address: string) => NAMES.find((name) => senders[name] === address)
    return block.transactions.map(({ from, nonce }) => `${nameOf(from)}${Number(nonce)}`)
  }

  test('it orders by maximum fee', async () => {
    await onAnvil(profile, streams(), async () => {
      await offer('a', { maxGwei: 90n, tipGwei: 9n })
      await offer('b', { maxGwei: 100n })
      expect(await mined()).toEqual(['b0', 'a0'])
    })
  })

  test('it takes any higher maximum as a replacement, whatever the tip', async () => {
    await onAnvil(profile, streams(), async () => {
      await offer('a', { maxGwei: 90n, tipGwei: 9n })
      await offer('a', { maxGwei: 91n, tipGwei: 1n })
      await expect(offer('a', { maxGwei: 91n, tipGwei: 9n })).rejects.toThrow('Anvil refused')
      expect(await mined()).toEqual(['a0'])
    })
  })

  test('it refuses a bid below the base fee, and throws out one that falls below it', async () => {
    await onAnvil(profile, streams(), async () => {
      await expect(offer('a', { maxGwei: 19n })).rejects.toThrow('Anvil refused')
      await offer('a', { maxGwei: 21n })
      const { rpc } = anvil
      await rpc.request('anvil_setNextBlockBaseFeePerGas', [`0x${(30n * GWEI).toString(16)}`])
      expect(await mined()).toEqual([])
      await rpc.request('anvil_setNextBlockBaseFeePerGas', [`0x${GWEI.toString(16)}`])
      expect(await mined()).toEqual([])
    })
  })

  test('it loses a later nonce that bids more than the earlier one and came after it', async () => {
    await onAnvil(profile, streams(), async () => {
      await offer('a', { maxGwei: 50n, nonce: 0 })
      await offer('a', { maxGwei: 60n, nonce: 1 })
      await offer('b', { maxGwei: 60n, nonce: 1 })
      await offer('b', { maxGwei: 50n, nonce: 0 })
      expect(await mined()).toEqual(['a0', 'b0', 'b1'])
      expect(await mined()).toEqual([])
    })
  })
})

describe('background demand', () => {
  test('taking greedily what fits reaches every sum', () => {
    const pieces = halvingPieces(200)
    for (let target = 0; target <= 200; target += 1) {
      let left = target
      for (const piece of pieces) if (piece <= left) left -= piece
      expect(left).toBe(0)
    }
  })

  test('pieces sum to the demand, unless it is below what a transaction uses', () => {
    for (const gasLimit of [30_000_000, 32_000_000]) {
      for (let gas = 0; gas <= gasLimit; gas += 77_777) {
        const sum = backgroundPieces(gas, gasLimit).reduce((total, piece) => total + piece, 0)
        expect(sum).toBe(gas < 21_000 ? 0 : gas)
        for (const piece of backgroundPieces(gas, gasLimit))
          expect(piece).toBeGreaterThanOrEqual(21_000)
      }
    }
  })
})
