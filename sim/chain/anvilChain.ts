/**
 * Anvil as the chain of a world: real blocks, real fees, real congestion, under the world's clock.
 *
 * The world says when a block is made and what others demand in it; background accounts send that
 * demand as real transactions, and Anvil's own pool and block maker decide who gets in. The base
 * fee is Anvil's own. What waits is kept here and offered for each block anew, since Anvil's pool
 * is no network's: it throws out bids that a rising base fee overtakes and what a rollback undoes,
 * takes one wei more as a replacement, and orders by maximum fee. So a bid is offered with exactly
 * what it would pay in this block as its maximum, which costs it the same and makes the order that
 * of tips.
 *
 * One difference from the model chain remains: calls use the gas that they need, not all that they
 * offer, so base fees drift apart by the difference.
 */
import type { Address, Hex } from 'viem'
import { assert, MeterproofError } from '../../models/kit/error.ts'
import type { StreamOf } from '../kernel/random.ts'
import {
  BACKGROUND_SENDERS,
  type BackgroundBid,
  BURNER,
  BURNER_CODE,
  backgroundBids,
} from './anvilDemand.ts'
import type {
  BlockOrder,
  Chain,
  ChainTransaction,
  IncludedTransaction,
  MinedBlock,
  SendReply,
} from './chain.ts'
import type { CallResult, ChainCall } from './lane.ts'
import { nextBaseFeeWei } from './modelBaseFee.ts'
import type { ChainProfile } from './modelProfiles.ts'
import { plainLogs } from './observation.ts'
import {
  createInclusionLuck,
  type InclusionLuck,
  POOL_MAX,
  paidTipWei,
  replyToReplacement,
} from './poolRules.ts'
import type { RpcClient } from './rpc.ts'

/** Wei of every sender at the beginning: more than any run can burn. */
const BALANCE_WEI = 10n ** 32n

/** What a call of ours did when it was included; undone by a reorg. */
export interface Execution extends CallResult {
  readonly block: number
  readonly sender: string
  readonly nonce: number
}

export interface AnvilChain extends Chain {
  readonly kind: 'anvil'
  /** What the included calls did, in order of execution. */
  readonly executions: readonly Execution[]
}

export interface AnvilChainOptions {
  /** A node that orders by fees and that nobody else uses; it is left changed. */
  readonly rpc: RpcClient
  readonly profile: ChainProfile
  readonly streams: StreamOf
  /** Addresses of the senders, by the names that transactions bear. */
  readonly senders: Readonly<Record<string, Address>>
  /** The call that a transaction makes. */
  readonly encode: (transaction: ChainTransaction) => Promise<ChainCall>
}

interface Waiting {
  readonly transaction: ChainTransaction
  readonly call: ChainCall
}

interface RpcBlock {
  readonly number: string
  readonly timestamp: string
  readonly baseFeePerGas: string
  readonly gasUsed: string
}

interface Receipt {
  readonly transactionHash: string
  readonly status: string
  readonly gasUsed: string
  readonly effectiveGasPrice: string
  readonly logs: CallResult['logs']
}

const TRACER = { tracer: 'callTracer', tracerConfig: { onlyTopCall: true } }
const hex = (value: bigint | number): Hex => `0x${value.toString(16)}`

class MinedChain implements AnvilChain {
  readonly kind = 'anvil'
  readonly #options: AnvilChainOptions
  readonly #rpc: RpcClient
  readonly #isLucky: InclusionLuck
  /** Nonces of the accounts when this chain began. */
  readonly #firstNonces: ReadonlyMap<string, number>
  readonly #nonces = new Map<string, number>()
  /** In order of arrival; a replacement arrives anew. */
  #waiting: Waiting[] = []
  #executions: Execution[] = []
  #blocks: MinedBlock[] = []
  #baseFeeWei: bigint

  constructor(options: AnvilChainOptions, firstNonces: ReadonlyMap<string, number>) {
    this.#options = options
    this.#rpc = options.rpc
    this.#firstNonces = firstNonces
    this.#isLucky = createInclusionLuck(options.profile.inclusionBps, options.streams)
    this.#baseFeeWei = options.profile.restingBaseFeeWei
  }

  get executions(): readonly Execution[] {
    return this.#executions
  }

  nextBaseFeeWei(): bigint {
    return this.#baseFeeWei
  }

  pendingCount(): number {
    return this.#waiting.length
  }

  async send(transaction: ChainTransaction): Promise<SendReply> {
    const { sender, nonce } = transaction
    if (nonce < (this.#nonces.get(sender) ?? 0)) return 'nonce-too-low'
    const before = this.#waiting.find((each) => isSameNonce(each.transaction, transaction))
    const reply =
      before === undefined ? 'accepted' : replyToReplacement(before.transaction, transaction)
    if (reply !== 'accepted') return reply
    if (before === undefined && this.#waiting.length >= POOL_MAX) return 'pool-full'
    const call = await this.#options.encode(transaction)
    this.#waiting = [...this.#waiting.filter((each) => each !== before), { transaction, call }]
    return 'accepted'
  }

  drop(sender: string): number {
    const kept = this.#waiting.filter(({ transaction }) => transaction.sender !== sender)
    const count = this.#waiting.length - kept.length
    this.#waiting = kept
    return count
  }

  async mine(order: BlockOrder): Promise<MinedBlock> {
    const { gasLimit } = this.#options.profile
    const baseFeeWei = this.#baseFeeWei
    const eligible = this.#eligible(order.slot)
    const offered = await this.#offerAll(eligible)
    const isContested = eligible.length > 0
    await this.#demand(backgroundBids(order, { baseFeeWei, gasLimit, isContested }))
    const gasUsed = await this.#makeBlock(order.timestampSeconds, baseFeeWei)
    const number = this.#blocks.length + 1
    const transactions = isContested ? await this.#collect(offered, number, baseFeeWei) : []
    if (isContested) await this.#rpc.request('anvil_dropAllTransactions')
    const { slot, timestampSeconds } = order
    const block = { number, slot, timestampSeconds, baseFeeWei, gasUsed, transactions }
    this.#blocks.push(block)
    // Anvil has its own opinion, with which the next block is compared when it is made.
    this.#baseFeeWei = nextBaseFeeWei({ baseFeeWei, gasUsed, gasLimit })
    return block
  }

  async reorg(depth: number): Promise<readonly ChainTransaction[]> {
    assert(depth >= 1, 'a reorg replaces at least one block')
    const first = Math.max(0, this.#blocks.length - depth)
    const replaced = this.#blocks.slice(first)
    const oldest = replaced[0]
    if (oldest === undefined) return []
    await this.#rpc.request('anvil_dropAllTransactions')
    await this.#rpc.request('anvil_rollback', [replaced.length])
    // Anvil would go on from the fee of the blocks that are gone and the gas limit of their parent.
    await this.#rpc.request('evm_setBlockGasLimit', [hex(this.#options.profile.gasLimit)])
    await this.#rpc.request('anvil_setNextBlockBaseFeePerGas', [hex(oldest.baseFeeWei)])
    for (const { timestampSeconds, gasUsed, baseFeeWei } of replaced) {
      const bid = { gas: gasUsed, maxFeeWei: baseFeeWei, tipWei: 0n }
      await this.#demand(gasUsed === 0 ? [] : [bid])
      await this.#makeBlock(timestampSeconds, baseFeeWei)
    }
    const returned = replaced.flatMap(({ transactions }) => transactions)
    for (const transaction of returned) await this.#takeBack(transaction)
    this.#blocks = this.#blocks.map((block, index) =>
      index < first ? block : { ...block, transactions: [] },
    )
    this.#executions = this.#executions.filter(({ block }) => block <= first)
    return returned
  }

  async #takeBack({ paidTipWei: _, ...transaction }: IncludedTransaction): Promise<void> {
    const { sender, nonce } = transaction
    this.#nonces.set(sender, Math.min(nonce, this.#nonces.get(sender) ?? nonce))
    if (this.#waiting.some((each) => isSameNonce(each.transaction, transaction))) return
    const call = await this.#options.encode(transaction)
    this.#waiting.push({ transaction, call })
  }

  /** What can be in the block of this slot, in order of arrival. */
  #eligible(slot: number): readonly Waiting[] {
    const blocked = new Set<string>()
    const eligible = new Set<Waiting>()
    const byNonce = this.#waiting.toSorted((a, b) => a.transaction.nonce - b.transaction.nonce)
    for (const waiting of byNonce) {
      const { sender, maxFeeWei } = waiting.transaction
      const isKnown = !blocked.has(sender) && this.#isLucky(waiting.transaction, slot)
      if (isKnown && maxFeeWei >= this.#baseFeeWei) eligible.add(waiting)
      else blocked.add(sender)
    }
    return this.#waiting.filter((waiting) => eligible.has(waiting))
  }

  /**
   * Anvil tries a later nonce that bids more before the earlier one, and then throws it out, unless
   * the later one came first; so nonces of one sender are offered in descending order.
   */
  async #offerAll(eligible: readonly Waiting[]): Promise<ReadonlyMap<string, Waiting>> {
    const offered = new Map<string, Waiting>()
    const senders = new Set(eligible.map(({ transaction }) => transaction.sender))
    for (const sender of senders) {
      const own = eligible.filter(({ transaction }) => transaction.sender === sender)
      own.sort((a, b) => b.transaction.nonce - a.transaction.nonce)
      for (const waiting of own) offered.set(await this.#offer(waiting), waiting)
    }
    return offered
  }

  #offer({ transaction, call }: Waiting): Promise<string> {
    const { sender, nonce, gas } = transaction
    const tipWei = paidTipWei(transaction, this.#baseFeeWei)
    const maxFeePerGas = hex(this.#baseFeeWei + tipWei)
    const fees = { maxFeePerGas, maxPriorityFeePerGas: hex(tipWei) }
    const accountNonce = (this.#firstNonces.get(sender) ?? 0) + nonce
    const request = { ...call, ...fees, gas: hex(gas), nonce: hex(accountNonce) }
    return this.#rpc.request('eth_sendTransaction', [request])
  }

  async #demand(bids: readonly BackgroundBid[]): Promise<void> {
    if (bids.length === 0) return
    const paramsJsons = bids.map(({ gas, maxFeeWei, tipWei }, index) => {
      const from = BACKGROUND_SENDERS[index] as Address
      const fees = { maxFeePerGas: hex(maxFeeWei), maxPriorityFeePerGas: hex(tipWei) }
      return JSON.stringify([{ from, to: BURNER, gas: hex(gas), ...fees }])
    })
    const answers = await this.#rpc.requestBatch('eth_sendTransaction', paramsJsons)
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
  }

  /** Makes a block now; its base fee must be the one that was announced. */
  async #makeBlock(timestampSeconds: number, baseFeeWei: bigint): Promise<number> {
    await this.#rpc.request('evm_mine', [timestampSeconds])
    const made = await this.#rpc.request<RpcBlock>('eth_getBlockByNumber', ['latest', false])
    const isAsOrdered =
      Number(made.timestamp) === timestampSeconds && BigInt(made.baseFeePerGas) === baseFeeWei
    if (isAsOrdered) return Number(made.gasUsed)
    throw new MeterproofError('MP_CHAIN_BLOCK', 'Anvil made another block than it was told to.', {
      class: 'internal',
      facts: {
        timestamp: Number(made.timestamp),
        'timestamp ordered': timestampSeconds,
        'base fee': String(BigInt(made.baseFeePerGas)),
        'base fee expected': String(baseFeeWei),
      },
    })
  }

  /** Which of the offered transactions the newest block holds, by hash, and what they did. */
  async #collect(
    offered: ReadonlyMap<string, Waiting>,
    block: number,
    baseFeeWei: bigint,
  ): Promise<readonly IncludedTransaction[]> {
    const receipts = await this.#rpc.request<readonly Receipt[]>('eth_getBlockReceipts', ['latest'])
    const included: IncludedTransaction[] = []
    for (const receipt of receipts) {
      const waiting = offered.get(receipt.transactionHash)
      if (waiting === undefined) continue
      const { transaction } = waiting
      const { sender, nonce } = transaction
      const paid = BigInt(receipt.effectiveGasPrice) - baseFeeWei
      assert(
        paid === paidTipWei(transaction, baseFeeWei),
        'the tip is what the maximum leaves of it',
      )
      included.push({ ...transaction, paidTipWei: paid })
      this.#nonces.set(sender, nonce + 1)
      this.#executions.push({ block, sender, nonce, ...(await this.#resultOf(receipt)) })
    }
    this.#waiting = this.#waiting.filter(
      ({ transaction }) => transaction.nonce >= (this.#nonces.get(transaction.sender) ?? 0),
    )
    return included
  }

  async #resultOf(receipt: Receipt): Promise<CallResult> {
    const { transactionHash, status, gasUsed, logs } = receipt
    const ok = status === '0x1'
    const returnData = ok ? '0x' : await this.#revertDataOf(transactionHash)
    return { ok, returnData, gasUsed: BigInt(gasUsed), logs: plainLogs(logs) }
  }

  async #revertDataOf(transactionHash: string): Promise<Hex> {
    const trace = await this.#rpc.request<{ readonly output?: Hex }>('debug_traceTransaction', [
      transactionHash,
      TRACER,
    ])
    return trace.output ?? '0x'
  }
}

function isSameNonce(left: ChainTransaction, right: ChainTransaction): boolean {
  return left.sender === right.sender && left.nonce === right.nonce
}

/**
 * Makes a prepared node the chain of one world, at block number 0 and the profile's base fee.
 *
 * The node keeps its gas limit, balances and base fee afterwards, so the caller either restores a
 * snapshot or has no further use for it.
 *
 * @throws MeterproofError `MP_RPC_…` when the node refuses
 */
export async function openAnvilChain(options: AnvilChainOptions): Promise<AnvilChain> {
  const { rpc, profile, senders } = options
  const firstNonces = new Map<string, number>()
  await rpc.request('anvil_dropAllTransactions')
  await rpc.request('anvil_setCode', [BURNER, BURNER_CODE])
  for (const address of [...BACKGROUND_SENDERS, ...Object.values(senders)]) {
    await rpc.request('anvil_setBalance', [address, hex(BALANCE_WEI)])
  }
  for (const [name, address] of Object.entries(senders)) {
    const count = await rpc.request<string>('eth_getTransactionCount', [address, 'latest'])
    firstNonces.set(name, Number(count))
  }
  await rpc.request('evm_setBlockGasLimit', [hex(profile.gasLimit)])
  await rpc.request('anvil_setNextBlockBaseFeePerGas', [hex(profile.restingBaseFeeWei)])
  return new MinedChain(options, firstNonces)
}
