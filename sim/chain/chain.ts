/**
 * What a chain is to the world: a pool that takes transactions, and blocks that are made on order.
 *
 * The world owns time: it says when a block is made, with which timestamp and under how much other
 * demand; the chain decides which transactions are in it. Two implementations stand behind this:
 * the model chain, and Anvil, whose answers come later; hence `Awaitable`. What a transaction
 * *does* is none of the pool's business; a chain that executes it reads `content`.
 */

import type { Datum } from '../../models/kit/trace.ts'

/** A value, or a promise of it: the model answers at once, Anvil over JSON-RPC. */
export type Awaitable<Value> = Value | Promise<Value>

/** What a transaction does: an action of the protocol with its arguments, as a step has them. */
export interface TransactionContent {
  readonly action: string
  /** The participant who acts. */
  readonly by: string
  readonly args: Readonly<Record<string, Datum>>
  /** Number of the agreement. @defaultValue 0 */
  readonly agreement?: number
}

/** A transaction as it is handed to a node. The same sender and nonce again is a replacement. */
export interface ChainTransaction {
  readonly sender: string
  readonly nonce: number
  /** Most that is paid for one unit of gas, base fee included. */
  readonly maxFeeWei: bigint
  /** Most that the block's maker gets of it. */
  readonly tipWei: bigint
  readonly gas: number
  /** Names what the transaction does; equal payload and fees are the same transaction. */
  readonly payload: string
  /** For chains that execute what they include. */
  readonly content?: TransactionContent
}

/** The pool's answer. Only `accepted` changes the pool. */
export type SendReply =
  | 'accepted'
  | 'already-known'
  | 'replacement-underpriced'
  | 'nonce-too-low'
  | 'pool-full'

/** One block to be made. */
export interface BlockOrder {
  /** Number of the slot; draws that decide about this block are keyed by it. */
  readonly slot: number
  readonly timestampSeconds: number
  /** Gas that others would use in this block, at most its limit. */
  readonly backgroundGas: number
  /** Tip that displaces others when the block is full. */
  readonly clearingTipWei: bigint
}

export interface IncludedTransaction extends ChainTransaction {
  /** Tip that was really paid: the smaller of `tipWei` and what the maximum leaves. */
  readonly paidTipWei: bigint
}

export interface MinedBlock {
  readonly number: number
  readonly slot: number
  readonly timestampSeconds: number
  readonly baseFeeWei: bigint
  readonly gasUsed: number
  /** In order of execution. */
  readonly transactions: readonly IncludedTransaction[]
}

/** What orders a whole span of blocks: the slots, and others' demand in them. */
export interface BlockOrders {
  /** The first slot after `afterMs` that will have a block. */
  next(afterMs: number): { readonly slot: number; readonly atMs: number }
  order(slot: number, baseFeeWei: bigint): BlockOrder
}

/** Many blocks that were made at once. */
export interface IdleBlocks {
  readonly newest: MinedBlock
  /** Time of the newest. */
  readonly atMs: number
  readonly nextBaseFeeWei: bigint
}

export interface Chain {
  readonly kind: 'model' | 'anvil'
  send(transaction: ChainTransaction): Awaitable<SendReply>
  mine(order: BlockOrder): Awaitable<MinedBlock>
  /**
   * Makes all blocks after `afterMs` up to `untilMs` while nothing waits, as `mine` would one by
   * one. Null when there is none to make. A chain without it makes them one by one.
   */
  mineIdle?(
    orders: BlockOrders,
    span: { readonly afterMs: number; readonly untilMs: number },
  ): IdleBlocks | null
  /**
   * Replaces the newest `depth` blocks by blocks without our transactions, which return to the
   * pool.
   *
   * @returns the transactions that are no longer included
   */
  reorg(depth: number): Awaitable<readonly ChainTransaction[]>
  /** The pool forgets what a sender has waiting; returns how many transactions that were. */
  drop(sender: string): Awaitable<number>
  /** Base fee of the next block. */
  nextBaseFeeWei(): Awaitable<bigint>
  /** Number of transactions that wait. */
  pendingCount(): Awaitable<number>
}

/** A chain whose answers come at once. */
export interface SyncChain extends Chain {
  send(transaction: ChainTransaction): SendReply
  mine(order: BlockOrder): MinedBlock
  reorg(depth: number): readonly ChainTransaction[]
  drop(sender: string): number
  nextBaseFeeWei(): bigint
  pendingCount(): number
}
