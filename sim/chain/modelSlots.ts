/**
 * The course of slots: which exist, what others demand in them, which faults of the chain are on.
 *
 * Shared by the model chain and Anvil's mined lane, so that both see the same demand at the same
 * time. Draws are keyed by the number of the slot: asking for slots earlier or later changes
 * nothing.
 */
import type { FaultLookup } from '../faults/faultLookup.ts'
import { chanceBps } from '../kernel/distributions.ts'
import type { StreamOf } from '../kernel/random.ts'
import type { BlockOrders } from './chain.ts'
import type { ChainProfile } from './modelProfiles.ts'

/** Tip of the others when blocks are full for their own reasons, in wei: 2 gwei. */
const ORDINARY_CLEARING_TIP_WEI = 2_000_000_000n
/**
 * Nobody fills blocks at any price: beyond this multiple of the resting base fee demand only
 * balances supply. 60 full blocks reach it, the longest burst on record; without it minutes of 2
 * s blocks would reach fees that fit into no node's 64 bits.
 */
const FULL_BLOCKS_FEE_FACTOR = 1_172n
const WEI_PER_MILLIGWEI = 1_000_000n
const PERCENT = 100n

/** The slots of one run, and the demand in them given the base fee that a block will have. */
export type Slots = BlockOrders

interface SlotsOptions {
  readonly profile: ChainProfile
  readonly streams: StreamOf
  readonly faults: FaultLookup
  /** Timestamp of true time 0. */
  readonly epochSeconds: number
}

/** The slots of one run. */
export function createSlots({ profile, streams, faults, epochSeconds }: SlotsOptions): Slots {
  const { blockIntervalMs, skippedSlotBps, skippedSlotsMax, gasLimit, restingBaseFeeWei } = profile
  const skips = streams('chain/skip')
  const demand = streams('chain/demand')
  const resting = Number(restingBaseFeeWei)
  const isDrawnEmpty = (slot: number) => chanceBps(skips.unitAt(slot), skippedSlotBps)
  const isEmpty = (slot: number): boolean => {
    if (skippedSlotBps === 0 || !isDrawnEmpty(slot)) return false
    let before = 0
    while (before < skippedSlotsMax && slot - before > 0 && isDrawnEmpty(slot - before - 1)) {
      before += 1
    }
    return before < skippedSlotsMax
  }
  /**
   * Gas that others use when nothing is wrong: less when gas is dear, around the target at rest.
   */
  const calmGas = (slot: number, baseFeeWei: bigint): number => {
    const noise = demand.unitAt(slot) - 0.5
    const pull = (2 * resting) / (resting + Number(baseFeeWei))
    const gas = Math.floor((gasLimit / 2) * (pull + noise * 0.8))
    return Math.max(0, Math.min(gas, gasLimit))
  }
  return {
    next(afterMs) {
      let slot = Math.floor(afterMs / blockIntervalMs) + 1
      while (isEmpty(slot)) slot += 1
      return { slot, atMs: slot * blockIntervalMs }
    },
    order(slot, baseFeeWei) {
      const atMs = slot * blockIntervalMs
      const timestampSeconds = epochSeconds + Math.floor(atMs / 1000)
      const full = faults.active('full-blocks', 'chain', atMs)
      const surge = faults.active('base-fee-surge', 'chain', atMs)
      const isSurging =
        surge !== undefined && baseFeeWei < (restingBaseFeeWei * BigInt(surge.magnitude)) / PERCENT
      const isFilled = full !== undefined && baseFeeWei < restingBaseFeeWei * FULL_BLOCKS_FEE_FACTOR
      let backgroundGas = calmGas(slot, baseFeeWei)
      const isContested = surge !== undefined || full !== undefined
      if (isContested) backgroundGas = Math.max(backgroundGas, gasLimit / 2)
      if (isSurging || isFilled) backgroundGas = gasLimit
      const clearingTipWei =
        full === undefined ? ORDINARY_CLEARING_TIP_WEI : BigInt(full.magnitude) * WEI_PER_MILLIGWEI
      return { slot, timestampSeconds, backgroundGas, clearingTipWei }
    },
  }
}
