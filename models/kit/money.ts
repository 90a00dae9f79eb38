/**
 * Exact money: bigint base units, and every division says how it rounds.
 *
 * No function here takes or returns a `number` of money. Shares of an amount always sum to the
 * whole: all but the last are rounded down, the last takes what remains.
 */
import { assert } from './error.ts'

/** Basis points in one whole. */
export const BPS_PER_WHOLE = 10_000n

/** Largest amount that the contracts store (uint128), in base units. */
export const AMOUNT_UNITS_MAX = (1n << 128n) - 1n

/** Quotient rounded towards zero. Both operands must be non-negative, the divisor positive. */
export function divFloor(dividend: bigint, divisor: bigint): bigint {
  assert(dividend >= 0n, 'divFloor takes a dividend of at least 0')
  assert(divisor > 0n, 'divFloor takes a divisor above 0')
  return dividend / divisor
}

/** Quotient rounded up. Both operands must be non-negative, the divisor positive. */
export function divCeil(dividend: bigint, divisor: bigint): bigint {
  const floor = divFloor(dividend, divisor)
  return floor * divisor === dividend ? floor : floor + 1n
}

/**
 * Quotient of a division that must leave no remainder.
 *
 * @throws MeterproofError `MP_INTERNAL_ASSERTION` when there is one
 */
export function divExact(dividend: bigint, divisor: bigint): bigint {
  const floor = divFloor(dividend, divisor)
  assert(floor * divisor === dividend, `${dividend} / ${divisor} leaves no remainder`)
  return floor
}

/** `amount * bps / 10,000`, rounded down: the receiver of a share never gets the odd unit. */
export function bpsShareFloor(amountUnits: bigint, bps: bigint): bigint {
  return divFloor(amountUnits * bps, BPS_PER_WHOLE)
}

/**
 * Splits an amount by basis points. All shares but the last round down; the last is the remainder,
 * so the shares sum to `amountUnits` whatever the basis points are.
 *
 * @param sharesBps one entry a share *before* the last; their sum must not exceed 10,000
 * @returns `sharesBps.length + 1` amounts in base units
 */
export function splitByBps(amountUnits: bigint, sharesBps: readonly bigint[]): bigint[] {
  const sumBps = sharesBps.reduce((sum, bps) => sum + bps, 0n)
  assert(sumBps <= BPS_PER_WHOLE, 'the shares before the last sum to at most 10,000 bps')
  const shares = sharesBps.map((bps) => bpsShareFloor(amountUnits, bps))
  const rest = shares.reduce((left, share) => left - share, amountUnits)
  return [...shares, rest]
}

export function minBig(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((least, value) => (value < least ? value : least), first)
}

export function maxBig(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((most, value) => (value > most ? value : most), first)
}
