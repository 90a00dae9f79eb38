/**
 * The claims of matchmaking, judged on observed traces. Ids are stable for ever.
 *
 * Notation of the formulas: p, a the times of proposal and acceptance, e the expiry of the quote, d
 * the end of the deposit window or e, whichever is earlier, t the block, all in seconds; N the most
 * attempts; bound(r, T, t) as the README defines it.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { isolation } from '../invariants/money.ts'
import { accessInvariants } from './invariantsOfAccess.ts'
import { quoteInvariants } from './invariantsOfQuotes.ts'
import { recordInvariants } from './invariantsOfRecords.ts'
import { tutorInvariants } from './invariantsOfTutors.ts'

export const matchmakingInvariants: readonly Invariant[] = [
  ...tutorInvariants,
  ...quoteInvariants,
  ...recordInvariants,
  isolation('None'),
  ...accessInvariants,
]
