/**
 * Mutants of TokenJob that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { constructorGap, guardGap, readingGap } from './gaps.ts'

const BASE = 'TokenJobBase.sol'

export const tokenJobExplanations: readonly Explanation[] = [
  guardGap(BASE),
  guardGap('TokenJobHardened.sol'),
  constructorGap(BASE),
  readingGap(BASE, 'closesAt'),
]
