/**
 * Mutants of ProgressiveEscrow that live, and why.
 */
import type { Explanation } from './explanation.ts'

const BASE = 'ProgressiveEscrowBase.sol'

export const progressiveEscrowExplanations: readonly Explanation[] = [
  {
    ...{ file: BASE, within: '_useNonce', before: 'terms.student', after: 'msg.sender' },
    equivalent: true,
    reason: 'Only the student creates a session of its own.',
  },
]
