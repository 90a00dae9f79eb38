/**
 * How a world talks to its chain: requests that may fail, blocks as time passes, records of both.
 *
 * Blocks are made only when somebody could notice: while transactions wait or may still be undone.
 * Otherwise the slots that passed are made up for at the next request; as draws are keyed by slot,
 * that gives the same blocks. Every use of the chain is a `yield`, so that one world serves a chain
 * that answers at once and one that answers over a wire.
 */
import type { Chain, IdleBlocks, MinedBlock } from '../chain/chain.ts'
import type { ChainProfile } from '../chain/modelProfiles.ts'
import type { Slots } from '../chain/modelSlots.ts'
import type { FaultLookup } from '../faults/faultLookup.ts'
import { chanceBps } from '../kernel/distributions.ts'
import type { StreamOf } from '../kernel/random.ts'
import type { Intent, Submission } from './actors.ts'
import type { ChainSide } from './chainSide.ts'
import type { TransactionRecord } from './records.ts'

/** A use of the chain, answered by whoever drives the world. */
export type ChainUse = (chain: Chain) => unknown
export type ChainTask<Result> = Generator<ChainUse, Result, unknown>

/** Blocks after which nothing is undone any more. */
export const FINAL_BLOCKS = 8
/** Tip of a first request: 1.5 gwei. It doubles with each attempt. */
const FIRST_TIP_WEI = 1_500_000_000n

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] }

/** How far a request gets: nowhere, to the node but without an answer, or there and back. */
export type RequestPath = 'cut' | 'unanswered' | 'open'

export interface WorldChainOptions {
  readonly side: ChainSide<unknown>
  readonly slots: Slots
  readonly profile: ChainProfile
  readonly faults: FaultLookup
  readonly streams: StreamOf
  /** Gas that each call offers. */
  readonly callGas: number
  /** Whose account an actor sends from; its own unless it says otherwise. */
  accountOf(actor: string): string
}

interface Fee {
  readonly attempt: number
  readonly maxFeeWei: bigint
  readonly tipWei: bigint
}

/** Written out, as a long world makes thousands and spreading costs more than all else of it. */
function emptyRecord(
  sender: string,
  nonce: number,
  action: string,
  submittedMs: number,
): Mutable<TransactionRecord> {
  return {
    sender,
    nonce,
    action,
    submittedMs,
    includedMs: null,
    confirmedMs: null,
    block: null,
    accepted: null,
    error: null,
    requests: 0,
    failures: 0,
    reorgs: 0,
    baseFeeWei: 0n,
    tipWei: 0n,
  }
}

export class WorldChain {
  readonly #options: WorldChainOptions
  readonly #records = new Map<string, Mutable<TransactionRecord>>()
  readonly #fees = new Map<string, Fee>()
  readonly #intents = new Map<string, Intent>()
  /** Included and not confirmed yet. */
  readonly #unconfirmed = new Set<Mutable<TransactionRecord>>()
  #minedUntilMs = -1
  #baseFeeWei: bigint
  #pendingCount = 0
  headSeconds = 0
  blockCount = 0

  constructor(options: WorldChainOptions) {
    this.#options = options
    this.#baseFeeWei = options.profile.restingBaseFeeWei
  }

  get records(): readonly TransactionRecord[] {
    return [...this.#records.values()]
  }

  /** Whether blocks must be made as time passes. */
  get isAwake(): boolean {
    const { side, profile } = this.#options
    // Some wait for more confirmations than a reorg could undo.
    const waitsFor = Math.max(FINAL_BLOCKS, profile.confirmations)
    return this.#pendingCount > 0 || this.blockCount < side.lastNumber + waitsFor
  }

  /** When the next block is due. */
  nextBlockMs(): number {
    return this.#options.slots.next(this.#minedUntilMs).atMs
  }

  /** Makes all blocks up to a time; true when one of them held a call of ours. */
  *catchUp(nowMs: number): ChainTask<boolean> {
    const { slots } = this.#options
    let isNews = false
    for (;;) {
      if (!this.isAwake) yield* this.#makeIdleBlocks(nowMs)
      const { slot, atMs } = slots.next(this.#minedUntilMs)
      if (atMs > nowMs) return isNews
      const order = slots.order(slot, this.#baseFeeWei)
      const block = (yield (chain: Chain) => chain.mine(order)) as MinedBlock
      this.#baseFeeWei = (yield (chain: Chain) => chain.nextBaseFeeWei()) as bigint
      this.#passed(block, atMs)
      if (block.transactions.length > 0) {
        this.#include(block, atMs)
        this.#pendingCount = (yield (chain: Chain) => chain.pendingCount()) as number
        isNews = true
      }
      this.#confirm(block.number, atMs)
    }
  }

  /** Blocks in which nothing of ours can be, on a chain that can make many at once. */
  *#makeIdleBlocks(nowMs: number): ChainTask<void> {
    const { slots } = this.#options
    const span = { afterMs: this.#minedUntilMs, untilMs: nowMs }
    const made = (yield (chain: Chain) =>
      chain.mineIdle?.(slots, span) ?? null) as IdleBlocks | null
    if (made === null) return
    this.#baseFeeWei = made.nextBaseFeeWei
    this.#passed(made.newest, made.atMs)
  }

  #passed({ timestampSeconds, number }: MinedBlock, atMs: number): void {
    this.#minedUntilMs = atMs
    this.headSeconds = timestampSeconds
    this.blockCount = number
  }

  /**
   * Sends a request to the actor's node.
   *
   * @returns false when the sender gets an error, whether or not the transaction landed
   */
  *submit(
    actor: string,
    submission: Submission,
    nowMs: number,
    path: RequestPath,
  ): ChainTask<boolean> {
    const { faults, streams } = this.#options
    const sender = this.#options.accountOf(actor)
    const record = this.#recordOf(sender, submission, nowMs)
    record.requests += 1
    const draw = streams(`rpc/${actor}`).unit()
    const error = faults.active('rpc-error', actor, nowMs)
    const ambiguous = faults.active('ambiguous-send', actor, nowMs)
    const isCut = path === 'cut'
    const isRefused = isCut || (error !== undefined && chanceBps(draw, error.magnitude))
    const isAmbiguous =
      path === 'unanswered' || (ambiguous !== undefined && chanceBps(draw, ambiguous.magnitude))
    if (isRefused || isAmbiguous) record.failures += 1
    if (isRefused) return false
    if (faults.active('dropped-transaction', actor, nowMs) !== undefined) return !isAmbiguous
    const { intent, nonce, attempt } = submission
    const fee = this.#feeOf(sender, nonce, attempt)
    const payload = `${sender}:${nonce}:${intent.key}:${intent.payloadKey ?? ''}`
    this.#intents.set(payload, intent)
    const { maxFeeWei, tipWei } = fee
    const content = this.#options.side.contentOf(sender, intent)
    const gas = this.#options.callGas
    const transaction = { sender, nonce, maxFeeWei, tipWei, gas, payload, content }
    yield (chain: Chain) => chain.send(transaction)
    this.#pendingCount = (yield (chain: Chain) => chain.pendingCount()) as number
    return !isAmbiguous
  }

  *reorg(depth: number): ChainTask<boolean> {
    const { side } = this.#options
    const before = side.steps.length
    yield (chain: Chain) => chain.reorg(depth)
    const aboveNumber = this.blockCount - depth
    for (const record of this.#records.values()) {
      if (record.block === null || record.block <= aboveNumber) continue
      record.reorgs += 1
      this.#unconfirmed.delete(record)
      Object.assign(record, { includedMs: null, confirmedMs: null, block: null, accepted: null })
    }
    side.rollback(aboveNumber)
    this.#pendingCount = (yield (chain: Chain) => chain.pendingCount()) as number
    return side.steps.length !== before
  }

  *drop(actor: string): ChainTask<void> {
    yield (chain: Chain) => chain.drop(this.#options.accountOf(actor))
    this.#pendingCount = (yield (chain: Chain) => chain.pendingCount()) as number
  }

  #include(block: MinedBlock, atMs: number): void {
    const intentOf = (payload: string) => this.#intents.get(payload) as Intent
    const made = this.#options.side.apply(block, atMs, intentOf)
    for (const [index, transaction] of block.transactions.entries()) {
      const { sender, nonce, paidTipWei } = transaction
      const record = this.#records.get(`${sender}|${nonce}`)
      const step = made[index]
      if (record === undefined || step === undefined) continue
      const { accepted, error } = step.outcome
      record.action = step.planned.action
      record.includedMs = atMs
      record.block = block.number
      record.accepted = accepted
      record.error = error
      record.baseFeeWei = block.baseFeeWei
      record.tipWei = paidTipWei
      this.#unconfirmed.add(record)
    }
  }

  #confirm(headNumber: number, atMs: number): void {
    if (!this.isAwake) return
    const { confirmations } = this.#options.profile
    for (const record of this.#unconfirmed) {
      if (record.block === null || headNumber < record.block + confirmations - 1) continue
      record.confirmedMs = atMs
      this.#unconfirmed.delete(record)
    }
  }

  #recordOf(sender: string, { intent, nonce }: Submission, nowMs: number) {
    const key = `${sender}|${nonce}`
    const existing = this.#records.get(key)
    if (existing !== undefined) {
      if (existing.action === intent.action) return existing
      existing.action = intent.action
      existing.submittedMs = nowMs
      return existing
    }
    const created = emptyRecord(sender, nonce, intent.action, nowMs)
    this.#records.set(key, created)
    return created
  }

  /** Twice the base fee and a tip that doubles; always enough for a replacement to be taken. */
  #feeOf(sender: string, nonce: number, attempt: number): Fee {
    const key = `${sender}|${nonce}`
    const before = this.#fees.get(key)
    if (before !== undefined && before.attempt === attempt) return before
    const tipWei = FIRST_TIP_WEI << BigInt(attempt)
    const wanted = 2n * this.#baseFeeWei + tipWei
    const least = before === undefined ? 0n : (before.maxFeeWei * 9n) / 8n + 1n
    const fee = { attempt, tipWei, maxFeeWei: wanted > least ? wanted : least }
    this.#fees.set(key, fee)
    return fee
  }
}
