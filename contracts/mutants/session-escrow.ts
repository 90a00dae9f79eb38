/**
 * Mutants of SessionEscrow that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { constructorGap, guardGap, readingGap } from './gaps.ts'

const BASE = 'SessionEscrowBase.sol'

export const sessionEscrowExplanations: readonly Explanation[] = [
  guardGap(BASE),
  guardGap('SessionEscrowHardened.sol'),
  constructorGap(BASE),
  { ...constructorGap(BASE), within: 'state', before: '2_000' },
  readingGap(BASE, 'capAt'),
]
