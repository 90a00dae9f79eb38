/**
 * Mutants of TokenJob that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { zeroAnyway } from './gaps.ts'

const BASE = 'TokenJobBase.sol'

/** The caller for the host, where only the host is let in. */
const onlyTheHost = (within: string): Explanation => ({
  ...{ file: BASE, within, before: 'j.host', after: 'msg.sender', equivalent: true },
  reason: 'Only the host of the job proves work and withdraws its earnings.',
})

export const tokenJobExplanations: readonly Explanation[] = [
  // Hardened, the time for proofs is added, which is not zero.
  ...zeroAnyway(BASE, 'closesAt', 'j').map((each) => ({
    ...each,
    policy: 'as-described' as const,
  })),
  onlyTheHost('_credit'),
  onlyTheHost('_takeEarnings'),
  {
    ...{ file: BASE, within: 'timeout', before: 'j.provenTokens', after: 'j.billedTokens' },
    equivalent: true,
    reason: 'A deposit buys at least one token, so that whatever was proven is billed in part.',
  },
]
