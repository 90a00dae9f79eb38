/**
 * The base fee of EIP-1559, exactly as nodes compute it: integers, rounded down, at least 1
 * upwards.
 */
import { assert } from '../../models/kit/error.ts'

/** The base fee moves by at most one part in eight from block to block. */
const MAX_CHANGE_DENOMINATOR = 8n
/** The gas limit is twice the target. */
const ELASTICITY = 2

/** What the next base fee depends on. */
export interface ParentBlock {
  readonly baseFeeWei: bigint
  readonly gasUsed: number
  readonly gasLimit: number
}

/** Base fee of the block after `parent`, in wei. */
export function nextBaseFeeWei({ baseFeeWei, gasUsed, gasLimit }: ParentBlock): bigint {
  assert(gasUsed <= gasLimit, 'a block uses at most its gas limit')
  const target = Math.floor(gasLimit / ELASTICITY)
  if (gasUsed === target) return baseFeeWei
  const distance = BigInt(Math.abs(gasUsed - target))
  const change = (baseFeeWei * distance) / BigInt(target) / MAX_CHANGE_DENOMINATOR
  if (gasUsed < target) return baseFeeWei - change
  return baseFeeWei + (change > 1n ? change : 1n)
}
