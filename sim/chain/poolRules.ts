/**
 * Rules that nodes publish for their pools, as both chains of the world keep them.
 *
 * The model chain has no other pool. Anvil has one of its own whose rules are looser (one wei more
 * is a replacement, a bid below the base fee is refused), so these stand in front of it, as the
 * nodes through which a real transaction reaches a block builder would.
 */
import { chanceBps } from '../kernel/distributions.ts'
import type { StreamOf } from '../kernel/random.ts'
import type { ChainTransaction, SendReply } from './chain.ts'

/** A replacement must raise both fees by this much, in percent (geth's default). */
const REPLACEMENT_BUMP_PERCENT = 10n
/**
 * Gas that a call offers, and the unit in which calls compete with others for a block. The dearest
 * real call, a first deposit, uses 181,000.
 */
export const CALL_GAS_UNIT = 300_000
/** Transactions that one pool holds (geth's default). */
export const POOL_MAX = 5_120

function isEnough(offered: bigint, before: bigint): boolean {
  return offered * 100n >= before * (100n + REPLACEMENT_BUMP_PERCENT)
}

function isSame(left: ChainTransaction, right: ChainTransaction): boolean {
  return (
    left.payload === right.payload &&
    left.maxFeeWei === right.maxFeeWei &&
    left.tipWei === right.tipWei
  )
}

/** What a pool answers to a transaction whose sender and nonce it holds already. */
export function replyToReplacement(before: ChainTransaction, offered: ChainTransaction): SendReply {
  if (isSame(before, offered)) return 'already-known'
  const isRaised =
    isEnough(offered.maxFeeWei, before.maxFeeWei) && isEnough(offered.tipWei, before.tipWei)
  return isRaised ? 'accepted' : 'replacement-underpriced'
}

/** Tip that is really paid: what the maximum leaves above the base fee, at most the tip. */
export function paidTipWei({ maxFeeWei, tipWei }: ChainTransaction, baseFeeWei: bigint): bigint {
  const left = maxFeeWei - baseFeeWei
  return tipWei < left ? tipWei : left
}

/** Whether the maker of a slot's block knows a bid in time; keyed by slot, sender and nonce. */
export type InclusionLuck = (
  bid: { readonly sender: string; readonly nonce: number },
  slot: number,
) => boolean

/** Luck with a chance of `inclusionBps` in each slot. */
export function createInclusionLuck(inclusionBps: number, streams: StreamOf): InclusionLuck {
  if (inclusionBps >= 10_000) return () => true
  return ({ sender, nonce }, slot) => {
    const source = streams(`chain/luck/${sender}/${nonce % 8}`)
    return chanceBps(source.unitAt(slot), inclusionBps)
  }
}
