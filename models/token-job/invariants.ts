/**
 * The claims of token-job, judged on observed traces. Ids are stable for ever.
 *
 * Notation of the formulas: D deposited, H credited to the host, T to the treasury, G = H + T, X
 * refunded or claimable for the user, p price of a model token, all in base units; c the number of
 * a proof, proven that of the last accepted one.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { conservation, isolation, solvency } from '../invariants/money.ts'
import { reentry } from '../invariants/reentry.ts'
import { accessInvariants } from './invariantsOfAccess.ts'
import { billInvariants } from './invariantsOfBill.ts'
import { exitInvariants } from './invariantsOfExit.ts'
import { jobMoney } from './standing.ts'
import { tokenJobGuarded } from './words.ts'

export const tokenJobInvariants: readonly Invariant[] = [
  conservation(jobMoney),
  solvency(jobMoney),
  ...billInvariants,
  isolation('None'),
  ...accessInvariants,
  ...exitInvariants,
  reentry(tokenJobGuarded),
]
