/**
 * The model chain beside a real Anvil: the same submissions, fees and demand, and then the same
 * transactions in the same blocks at the same base fee. Without Anvil's own order by maximum fee in
 * the way (bids are a constant plus the tip, so both orders agree) the relation is equality.
 */
import type { Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '../faults/fault.ts'
import { createFaultLookup } from '../faults/faultLookup.ts'
import { uniformInteger } from '../kernel/distributions.ts'
import { type StreamOf, streamsOf } from '../kernel/random.ts'
import { type AnvilChain, openAnvilChain } from './anvilChain.ts'
import { BURNER, backgroundPieces, GAS_UNIT, halvingPieces } from './anvilDemand.ts'
import { type AnvilProcess, startAnvil } from './anvilProcess.ts'
import type { Chain, ChainTransaction, MinedBlock } from './chain.ts'
import { createModelChain } from './modelChain.ts'
import { CHAIN_PROFILES, type ChainProfile } from './modelProfiles.ts'
import { createSlots } from './modelSlots.ts'

const GWEI = 1_000_000_000n
/** So far above any base fee that a bid always pays its whole tip. */
const CEILING_WEI = 10_000n * GWEI
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

type OpenOptions = {
  readonly streams: StreamOf
  readonly bidOf?: (base: bigint, tip: bigint) => bigint
}

/** Opens a chain on a snapshot, so that each test finds the node as it was. */
async function onAnvil<Result>(
  profile: ChainProfile,
  { streams, bidOf = (_, tip) => CEILING_WEI + tip }: OpenOptions,
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
    return await task(await openAnvilChain({ rpc, profile, streams, senders, encode, bidOf }))
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
      const maxFeeWei = CEILING_WEI + tipWei
      const gas = GAS_UNIT * draw(1, 3)
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
      const real = await onAnvil(profile, { streams }, (chain) => play(chain, script))
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

describe("where Anvil's pool differs from a network's", () => {
  const profile: ChainProfile = { ...CHAIN_PROFILES.l1, inclusionBps: 10_000, skippedSlotBps: 0 }
  const streams = () => streamsOf({ seed: 1, run: 0 })
  const order = (slot: number, backgroundGas = 15_000_000, clearingTipWei = 2n * GWEI) => {
    return { slot, timestampSeconds: EPOCH_SECONDS + slot * 12, backgroundGas, clearingTipWei }
  }
  const bid = (sender: string, maxGwei: bigint, tipGwei: bigint): ChainTransaction => ({
    ...{ sender, nonce: 0, gas: GAS_UNIT, payload: sender },
    ...{ maxFeeWei: maxGwei * GWEI, tipWei: tipGwei * GWEI },
  })

  test('it orders by maximum fee, the model by tip', async () => {
    const offer = async (chain: Chain) => {
      await chain.send(bid('a', 100n, 1n))
      await chain.send(bid('b', 90n, 9n))
      const block = await chain.mine(order(1))
      return block.transactions.map(({ sender }) => sender)
    }
    expect(await offer(createModelChain(profile, streams()))).toEqual(['b', 'a'])
    expect(await onAnvil(profile, { streams: streams() }, offer)).toEqual(['a', 'b'])
  })

  test('it forgets a bid that the base fee overtakes; the chain of the world offers it again', async () => {
    await onAnvil(profile, { streams: streams() }, async (chain) => {
      await chain.send(bid('a', 21n, 1n))
      let slot = 1
      for (; slot <= 2; slot += 1)
        await chain.mine({ ...order(slot, 30_000_000), clearingTipWei: 9n * GWEI })
      expect(await chain.nextBaseFeeWei()).toBeGreaterThan(21n * GWEI)
      expect((await chain.mine(order(slot++, 0))).transactions).toEqual([])
      expect(await chain.pendingCount()).toBe(1)
      const isDear = async () => (await chain.nextBaseFeeWei()) > 20n * GWEI
      for (; await isDear(); slot += 1) await chain.mine(order(slot, 0))
      const last = await chain.mine(order(slot, 0))
      expect(last.transactions.map(({ sender }) => sender)).toEqual(['a'])
    })
  })

  test('dropped is dropped, and what a reorg returns is included again', async () => {
    await onAnvil(profile, { streams: streams() }, async (chain) => {
      await chain.send(bid('a', 100n, 1n))
      await chain.send(bid('b', 100n, 2n))
      expect(await chain.drop('a')).toBe(1)
      expect((await chain.mine(order(1))).transactions.map(({ sender }) => sender)).toEqual(['b'])
      const baseFeeWei = await chain.nextBaseFeeWei()
      expect((await chain.reorg(1)).map(({ sender }) => sender)).toEqual(['b'])
      expect(chain.executions).toEqual([])
      expect(await chain.nextBaseFeeWei()).toBe(baseFeeWei)
      expect((await chain.mine(order(2))).transactions.map(({ sender }) => sender)).toEqual(['b'])
      expect(chain.executions.map(({ block, ok }) => ({ block, ok }))).toEqual([
        { block: 2, ok: false },
      ])
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
