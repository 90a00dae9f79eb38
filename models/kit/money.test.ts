/**
 * The laws of money: every division rounds the way its name says, and shares sum to the whole.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AMOUNT_UNITS_MAX,
  BPS_PER_WHOLE,
  bpsShareFloor,
  divCeil,
  divExact,
  divFloor,
  maxBig,
  minBig,
  splitByBps,
} from './money.ts'

const units = fc.bigInt({ min: 0n, max: AMOUNT_UNITS_MAX })
const divisors = fc.bigInt({ min: 1n, max: 1n << 64n })
const bps = fc.bigInt({ min: 0n, max: BPS_PER_WHOLE })
/** Basis points whose sum is at most the whole: differences of sorted cuts. */
const sharesBps = fc.array(bps, { maxLength: 5 }).map((cuts) => {
  const sorted = cuts.toSorted((a, b) => (a < b ? -1 : 1))
  return sorted.map((cut, index) => cut - (sorted[index - 1] ?? 0n))
})

describe('divisions', () => {
  test('floor ≤ quotient ≤ ceil, and they are equal exactly when nothing remains', () => {
    const property = fc.property(units, divisors, (dividend, divisor) => {
      const floor = divFloor(dividend, divisor)
      const ceil = divCeil(dividend, divisor)
      expect(floor * divisor <= dividend && dividend < (floor + 1n) * divisor).toBe(true)
      expect(dividend <= ceil * divisor && (ceil - 1n) * divisor < dividend).toBe(true)
      expect(floor === ceil).toBe(dividend % divisor === 0n)
    })
    fc.assert(property, { seed: 1 })
  })

  test('exact gives back what was multiplied, and refuses a remainder', () => {
    const property = fc.property(units, divisors, (quotient, divisor) => {
      expect(divExact(quotient * divisor, divisor)).toBe(quotient)
    })
    fc.assert(property, { seed: 1 })
    expect(() => divExact(10n, 3n)).toThrow('10 / 3 leaves no remainder')
  })

  test('negative amounts and divisors that are not positive are refused', () => {
    for (const divide of [divFloor, divCeil, divExact]) {
      expect(() => divide(-1n, 2n)).toThrow('dividend')
      expect(() => divide(1n, 0n)).toThrow('divisor')
      expect(() => divide(1n, -1n)).toThrow('divisor')
    }
  })
})

describe('splits', () => {
  test('shares sum to the whole, and only the last may be rounded up', () => {
    const property = fc.property(units, sharesBps, (amountUnits, parts) => {
      const shares = splitByBps(amountUnits, parts)
      expect(shares).toHaveLength(parts.length + 1)
      expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(amountUnits)
      parts.forEach((part, index) => {
        const share = shares[index] as bigint
        expect(share * BPS_PER_WHOLE <= amountUnits * part).toBe(true)
        expect((share + 1n) * BPS_PER_WHOLE > amountUnits * part).toBe(true)
      })
      const restBps = BPS_PER_WHOLE - parts.reduce((sum, part) => sum + part, 0n)
      const last = shares.at(-1) as bigint
      expect(last * BPS_PER_WHOLE >= amountUnits * restBps).toBe(true)
      // Each share before the last keeps less than one unit back.
      expect(last - bpsShareFloor(amountUnits, restBps) <= BigInt(parts.length)).toBe(true)
    })
    fc.assert(property, { seed: 1 })
  })

  test('a fee of 10 % of 3.05 leaves 2.745, and the odd unit stays with the tutor', () => {
    expect(splitByBps(3_050_000n, [1_000n])).toEqual([305_000n, 2_745_000n])
    expect(splitByBps(9n, [1_000n])).toEqual([0n, 9n])
    expect(splitByBps(0n, [2_000n])).toEqual([0n, 0n])
    expect(splitByBps(AMOUNT_UNITS_MAX, [10_000n])).toEqual([AMOUNT_UNITS_MAX, 0n])
  })

  test('shares of more than the whole are refused', () => {
    expect(() => splitByBps(100n, [6_000n, 4_001n])).toThrow('10,000 bps')
  })
})

test('least and most are among the values and bound them all', () => {
  const property = fc.property(units, fc.array(units), (first, others) => {
    const all = [first, ...others]
    const [least, most] = [minBig(first, ...others), maxBig(first, ...others)]
    expect(all).toContain(least)
    expect(all).toContain(most)
    expect(all.every((value) => least <= value && value <= most)).toBe(true)
  })
  fc.assert(property, { seed: 1 })
})
