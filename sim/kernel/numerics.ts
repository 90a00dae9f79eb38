/**
 * Logarithm, exponential and normal quantile with the same last digit on every engine.
 *
 * ECMAScript leaves `Math.log`, `Math.exp` and `Math.pow` to the implementation, and their results
 * did change between versions. These use only + − × ÷ of doubles, whose results IEEE 754 fixes, and
 * `Math.sqrt`, which every engine maps to the exactly rounded machine instruction. Relative error
 * is below 1e-14 for `ln` and `exp`, below 2e-9 for the quantile; times are integers, so that is
 * plenty.
 */
import { assert } from '../../models/kit/error.ts'

const LN2 = Math.LN2
const SQRT2 = Math.SQRT2

/** Natural logarithm of a positive, finite number. */
export function ln(x: number): number {
  assert(x > 0, 'ln takes a positive number')
  assert(x < Number.POSITIVE_INFINITY, 'ln takes a finite number')
  let exponent = 0
  let mantissa = x
  while (mantissa > SQRT2) {
    mantissa /= 2
    exponent += 1
  }
  while (mantissa < SQRT2 / 2) {
    mantissa *= 2
    exponent -= 1
  }
  // ln m = 2 artanh((m − 1) / (m + 1)); |z| ≤ 0.172, so twelve odd terms reach the last digit.
  const z = (mantissa - 1) / (mantissa + 1)
  const square = z * z
  let sum = 0
  for (let odd = 23; odd >= 1; odd -= 2) sum = sum * square + 1 / odd
  return exponent * LN2 + 2 * z * sum
}

/** e to the power of `x`; 0 below −700, and `x` must not exceed 700. */
export function exp(x: number): number {
  assert(x <= 700, 'exp takes at most 700')
  if (x < -700) return 0
  const powerOfTwo = Math.floor(x / LN2 + 0.5)
  const rest = x - powerOfTwo * LN2
  let sum = 1
  for (let term = 18; term >= 1; term -= 1) sum = 1 + (sum * rest) / term
  const factor = powerOfTwo < 0 ? 0.5 : 2
  for (let left = Math.abs(powerOfTwo); left > 0; left -= 1) sum *= factor
  return sum
}

const CENTRE_TOP = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2,
  -3.066479806614716e1, 2.506628277459239,
] as const
const CENTRE_BOTTOM = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
  -1.328068155288572e1, 1,
] as const
const TAIL_TOP = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
  4.374664141464968, 2.938163982698783,
] as const
const TAIL_BOTTOM = [
  7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1,
] as const
const TAIL = 0.02425

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (const coefficient of coefficients) sum = sum * x + coefficient
  return sum
}

/** Quantile of the standard normal distribution (Acklam's rational approximation), 0 < u < 1. */
export function normalQuantile(u: number): number {
  assert(u > 0, 'the quantile takes a probability above 0')
  assert(u < 1, 'the quantile takes a probability below 1')
  if (u > 1 - TAIL) return -normalQuantile(1 - u)
  if (u < TAIL) {
    const q = Math.sqrt(-2 * ln(u))
    return horner(TAIL_TOP, q) / horner(TAIL_BOTTOM, q)
  }
  const q = u - 0.5
  const square = q * q
  return (horner(CENTRE_TOP, square) * q) / horner(CENTRE_BOTTOM, square)
}
