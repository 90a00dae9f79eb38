/**
 * The demand of others, as transactions that fill Anvil's blocks and bid.
 *
 * Each is a call of a contract that burns its whole gas limit, so a block uses exactly the gas that
 * was ordered. Anvil takes a transaction whole or not at all, so the demand comes in pieces that
 * halve: whatever our calls leave free is filled exactly, as long as they ask for whole units.
 */
import type { Address } from 'viem'
import type { BlockOrder } from './chain.ts'
import { CALL_GAS_UNIT } from './poolRules.ts'

/** Code of one invalid instruction: a call of it uses all of its gas. */
export const BURNER_CODE = '0xfe'
export const BURNER: Address = '0x0000000000000000000000000000000000b04e40'
/** No transaction can use less. */
export const TRANSACTION_GAS_LEAST = 21_000
const BACKGROUND_SENDERS_MAX = 32

/** One account for each piece, so that none waits for another's nonce. */
export const BACKGROUND_SENDERS: readonly Address[] = Array.from(
  { length: BACKGROUND_SENDERS_MAX },
  (_, index): Address => `0x${(0xbac0000 + index).toString(16).padStart(40, '0')}`,
)

export interface BackgroundBid {
  readonly gas: number
  readonly maxFeeWei: bigint
  readonly tipWei: bigint
}

/**
 * Numbers of units whose sum is `total`, in descending order and such that each is at most one more
 * than the sum of the smaller ones: taking greedily what fits then reaches every sum up to `total`.
 */
export function halvingPieces(total: number): readonly number[] {
  const pieces: number[] = []
  for (let left = total; left > 0; ) {
    const piece = Math.ceil(left / 2)
    pieces.push(piece)
    left -= piece
  }
  return pieces
}

/** Gas of each piece of a demand; what is below the least of a transaction is not demanded. */
export function backgroundPieces(backgroundGas: number, gasLimit: number): readonly number[] {
  const offset = gasLimit % CALL_GAS_UNIT
  const hasOffset = offset >= TRANSACTION_GAS_LEAST && backgroundGas >= offset
  const inUnits = hasOffset ? backgroundGas - offset : backgroundGas
  let units = Math.floor(inUnits / CALL_GAS_UNIT)
  let rest = inUnits - units * CALL_GAS_UNIT
  if (rest > 0 && rest < TRANSACTION_GAS_LEAST && units > 0) {
    units -= 1
    rest += CALL_GAS_UNIT
  }
  const pieces = [
    ...(hasOffset ? [offset] : []),
    ...halvingPieces(units).map((piece) => piece * CALL_GAS_UNIT),
  ]
  return rest >= TRANSACTION_GAS_LEAST ? [...pieces, rest] : pieces
}

export interface Competition {
  readonly baseFeeWei: bigint
  readonly gasLimit: number
  /** Whether anybody competes; without that, one piece does. */
  readonly isContested: boolean
}

/**
 * The bids of others for one block. Pieces differ by one wei to keep their order, and all lie below
 * a bid of ours at the clearing tip.
 */
export function backgroundBids(
  order: BlockOrder,
  competition: Competition,
): readonly BackgroundBid[] {
  const { baseFeeWei, gasLimit, isContested } = competition
  const { backgroundGas, clearingTipWei } = order
  const whole = backgroundGas >= TRANSACTION_GAS_LEAST ? [backgroundGas] : []
  const pieces = isContested ? backgroundPieces(backgroundGas, gasLimit) : whole
  return pieces.map((gas, index) => {
    const tipWei = clearingTipWei > index ? clearingTipWei - BigInt(index + 1) : 0n
    return { gas, maxFeeWei: baseFeeWei + tipWei, tipWei }
  })
}
