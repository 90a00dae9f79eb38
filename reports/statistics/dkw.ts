/**
 * Dvoretzky-Kiefer-Wolfowitz: a band around a whole distribution function, and from it a sound
 * interval for the mean of a bounded quantity (Anderson 1969), whatever its shape.
 */
import { assert } from '../../models/kit/error.ts'
import { ALPHA, type Interval } from './confidence.ts'

/** Half width of the band: sqrt(ln(2 / alpha) / 2n), rounded up to 1e-9. */
export function dkwHalfWidth(n: number, alpha = ALPHA): number {
  assert(n > 0, 'a band needs samples')
  // Rounding outwards hides the last digits, in which engines may differ.
  return Math.ceil(Math.sqrt(Math.log(2 / alpha) / (2 * n)) * 1e9) / 1e9
}

/**
 * Interval of the mean of a quantity in [least, most], from a sample in ascending order: the means
 * of the two distributions along the edges of the band.
 */
export function boundedMeanInterval(
  sorted: readonly number[],
  range: { readonly least: number; readonly most: number },
  alpha = ALPHA,
): Interval {
  const n = sorted.length
  const width = dkwHalfWidth(n, alpha)
  const { least, most } = range
  // Lowest mean: the share `width` of the mass sinks from the top to `least`. Highest: mirrored.
  let low = Math.min(1, width) * least
  let high = Math.min(1, width) * most
  sorted.forEach((value, index) => {
    const mass = (from: number) => Math.min(1, from + 1 / n) - Math.min(1, from)
    assert(value >= least && value <= most, 'every sample lies in the stated range')
    low += mass(width + index / n) * value
    high += mass(width + (n - 1 - index) / n) * value
  })
  return { low, high }
}
