/**
 * The claims of withdrawal, judged on observed traces. Ids are stable for ever.
 *
 * Notation of the formulas, for one teacher and token: G credited in all, C its commission,
 * N = G − C; W is the sum of the completed withdrawals, O that of the open ones, P that of those
 * that are Processing; a is the amount of a withdrawal, all in base units.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { solvency } from '../invariants/money.ts'
import { reentry } from '../invariants/reentry.ts'
import { accessInvariants } from './invariantsOfAccess.ts'
import { exitInvariants } from './invariantsOfExit.ts'
import { conservation, moneyInvariants } from './invariantsOfMoney.ts'
import { withdrawalMoney } from './standing.ts'
import { withdrawalGuarded } from './words.ts'

export const withdrawalInvariants: readonly Invariant[] = [
  conservation,
  solvency(withdrawalMoney),
  ...moneyInvariants,
  ...accessInvariants,
  ...exitInvariants,
  reentry(withdrawalGuarded),
]
