/**
 * The model chain: a transaction pool and a block maker in plain arithmetic.
 *
 * It follows the rules that nodes publish (EIP-1559, nonces in order, replacement for 10 % more)
 * and one assumption, that an eligible bid misses a block with a fixed chance. It knows no protocol
 * and executes nothing: what the included transactions do is the world's lifecycle machine to
 * predict.
 */
import { assert } from '../../models/kit/error.ts'
import type { StreamOf } from '../kernel/random.ts'
import type {
  BlockOrder,
  BlockOrders,
  ChainTransaction,
  IncludedTransaction,
  MinedBlock,
  SendReply,
  SyncChain,
} from './chain.ts'
import { nextBaseFeeWei } from './modelBaseFee.ts'
import type { ChainProfile } from './modelProfiles.ts'
import {
  createInclusionLuck,
  type InclusionLuck,
  POOL_MAX,
  paidTipWei,
  replyToReplacement,
} from './poolRules.ts'

/** Deepest reorg that is remembered, in blocks. */
const REORG_DEPTH_MAX = 64
/** Longer idleness is leapt over: no call lasts so long, but a withdrawal may wait for days. */
const LONG_IDLE_MS = 6 * 3_600_000
/**
 * Blocks after a leap: the base fee falls back to its resting value by about 1/16 of the difference
 * with each block, so that nothing is left of where it came from.
 */
const LIVELY_BLOCKS = 2_000

interface Pooled {
  readonly transaction: ChainTransaction
  /** Order of arrival; decides between equal tips. */
  readonly arrival: number
}

const NOTHING: readonly IncludedTransaction[] = []

class ModelChain implements SyncChain {
  readonly kind = 'model'
  readonly #profile: ChainProfile
  readonly #isLucky: InclusionLuck
  #pool: Pooled[] = []
  readonly #nonces = new Map<string, number>()
  /** The newest blocks, oldest first. */
  #recent: MinedBlock[] = []
  #number = 0
  #baseFeeWei: bigint
  #arrivals = 0

  constructor(profile: ChainProfile, streams: StreamOf) {
    this.#profile = profile
    this.#isLucky = createInclusionLuck(profile.inclusionBps, streams)
    this.#baseFeeWei = profile.restingBaseFeeWei
  }

  nextBaseFeeWei(): bigint {
    return this.#baseFeeWei
  }

  pendingCount(): number {
    return this.#pool.length
  }

  send(transaction: ChainTransaction): SendReply {
    const { sender, nonce } = transaction
    if (nonce < (this.#nonces.get(sender) ?? 0)) return 'nonce-too-low'
    const index = this.#pool.findIndex(
      (pooled) => pooled.transaction.sender === sender && pooled.transaction.nonce === nonce,
    )
    const before = this.#pool[index]?.transaction
    if (before === undefined) {
      if (this.#pool.length >= POOL_MAX) return 'pool-full'
      this.#pool.push({ transaction, arrival: this.#arrivals++ })
      return 'accepted'
    }
    const reply = replyToReplacement(before, transaction)
    if (reply === 'accepted') this.#pool[index] = { transaction, arrival: this.#arrivals++ }
    return reply
  }

  drop(sender: string): number {
    const kept = this.#pool.filter((pooled) => pooled.transaction.sender !== sender)
    const count = this.#pool.length - kept.length
    this.#pool = kept
    return count
  }

  mine(order: BlockOrder): MinedBlock {
    const { gasLimit } = this.#profile
    assert(order.backgroundGas <= gasLimit, 'others demand at most the gas limit')
    const baseFeeWei = this.#baseFeeWei
    const { transactions, gas } =
      this.#pool.length === 0 ? { transactions: [], gas: 0 } : this.#choose(order, baseFeeWei)
    const gasUsed = Math.min(gasLimit, order.backgroundGas + gas)
    this.#number += 1
    const { slot, timestampSeconds } = order
    const block = {
      number: this.#number,
      slot,
      timestampSeconds,
      baseFeeWei,
      gasUsed,
      transactions,
    }
    this.#remember(block)
    this.#baseFeeWei = nextBaseFeeWei({ baseFeeWei, gasUsed, gasLimit })
    return block
  }

  mineIdle(orders: BlockOrders, span: { readonly afterMs: number; readonly untilMs: number }) {
    assert(this.#pool.length === 0, 'blocks are idle while nothing waits')
    const { gasLimit, blockIntervalMs } = this.#profile
    let { slot, atMs } = orders.next(span.afterMs)
    if (atMs > span.untilMs) return null
    if (span.untilMs - span.afterMs > LONG_IDLE_MS) {
      // Of the blocks of a long idleness only the newest matter: the base fee forgets the others.
      const leapMs = span.untilMs - LIVELY_BLOCKS * blockIntervalMs
      while (atMs <= leapMs) {
        this.#number += 1
        ;({ slot, atMs } = orders.next(atMs))
      }
    }
    let newest: MinedBlock | undefined
    let newestMs = span.afterMs
    while (atMs <= span.untilMs) {
      const { backgroundGas: gasUsed, timestampSeconds } = orders.order(slot, this.#baseFeeWei)
      const baseFeeWei = this.#baseFeeWei
      this.#number += 1
      const number = this.#number
      newest = { number, slot, timestampSeconds, baseFeeWei, gasUsed, transactions: NOTHING }
      this.#remember(newest)
      this.#baseFeeWei = nextBaseFeeWei({ baseFeeWei, gasUsed, gasLimit })
      newestMs = atMs
      ;({ slot, atMs } = orders.next(atMs))
    }
    assert(newest !== undefined, 'at least one block was made')
    return { newest, atMs: newestMs, nextBaseFeeWei: this.#baseFeeWei }
  }

  #remember(block: MinedBlock): void {
    this.#recent.push(block)
    if (this.#recent.length >= 2 * REORG_DEPTH_MAX) {
      this.#recent = this.#recent.slice(-REORG_DEPTH_MAX)
    }
  }

  reorg(depth: number): readonly ChainTransaction[] {
    assert(depth >= 1, 'a reorg replaces at least one block')
    const first = Math.max(0, this.#recent.length - Math.min(depth, REORG_DEPTH_MAX))
    const replaced = this.#recent.slice(first)
    const returned = replaced.flatMap(({ transactions }) => transactions)
    for (const transaction of returned) {
      const { sender, nonce } = transaction
      this.#nonces.set(sender, Math.min(nonce, this.#nonces.get(sender) ?? nonce))
      const { paidTipWei: _, ...back } = transaction
      const isReplaced = this.#pool.some(
        (pooled) => pooled.transaction.sender === sender && pooled.transaction.nonce === nonce,
      )
      if (!isReplaced) this.#pool.push({ transaction: back, arrival: this.#arrivals++ })
    }
    // The replacing blocks hold the same background; only ours is missing, and its gas is
    // negligible beside theirs, so that the base fee that followed is kept.
    this.#recent = this.#recent.map((block, index) =>
      index < first ? block : { ...block, transactions: [] },
    )
    return returned
  }

  /**
   * Transactions of the next block: by tip, nonces in order, others displaced only by a higher tip.
   */
  #choose(order: BlockOrder, baseFeeWei: bigint) {
    const { gasLimit } = this.#profile
    const bids = this.#pool
      .filter(({ transaction }) => transaction.maxFeeWei >= baseFeeWei)
      .map((pooled) => ({ ...pooled, paidTipWei: paidTipWei(pooled.transaction, baseFeeWei) }))
      .sort((a, b) =>
        a.paidTipWei === b.paidTipWei
          ? a.arrival - b.arrival
          : a.paidTipWei > b.paidTipWei
            ? -1
            : 1,
      )
    const chosen: IncludedTransaction[] = []
    let freeGas = gasLimit - order.backgroundGas
    let gas = 0
    const isNext = ({ transaction, paidTipWei: tip }: (typeof bids)[number]): boolean => {
      const { sender, nonce } = transaction
      if (nonce !== (this.#nonces.get(sender) ?? 0)) return false
      const displaces = tip >= order.clearingTipWei
      if (!displaces && transaction.gas > freeGas) return false
      return gas + transaction.gas <= gasLimit && this.#isLucky(transaction, order.slot)
    }
    // A sender's next nonce competes as soon as the one before it is in, hence the best bid anew.
    for (let best = bids.find(isNext); best !== undefined; best = bids.find(isNext)) {
      const { transaction } = best
      chosen.push({ ...transaction, paidTipWei: best.paidTipWei })
      this.#nonces.set(transaction.sender, transaction.nonce + 1)
      freeGas -= transaction.gas
      gas += transaction.gas
    }
    if (chosen.length > 0) {
      this.#pool = this.#pool.filter(
        ({ transaction }) => transaction.nonce >= (this.#nonces.get(transaction.sender) ?? 0),
      )
    }
    return { transactions: chosen, gas }
  }
}

/** A chain at rest, with an empty pool and block number 0. */
export function createModelChain(profile: ChainProfile, streams: StreamOf): SyncChain {
  return new ModelChain(profile, streams)
}
