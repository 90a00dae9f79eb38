/**
 * Mutants of PaymentChannel that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { guardGap, readingGap } from './gaps.ts'

const BASE = 'PaymentChannelBase.sol'

export const paymentChannelExplanations: readonly Explanation[] = [
  guardGap(BASE),
  readingGap(BASE, 'expiresAt'),
]
