/**
 * The claims of attendance-hold, judged on observed traces. Ids are stable for ever.
 *
 * Notation of the formulas: D deposited, P paid or claimable for the teacher, C as commission, X
 * for the student, all in base units; s the start, e the end, t the block, f the finish, W and K
 * the windows of the attestor and the keeper, u the measure of the union of accepted records, all
 * in seconds; θ the threshold in basis points.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { conservation, isolation, solvency } from '../invariants/money.ts'
import { reentry } from '../invariants/reentry.ts'
import { accessInvariants } from './invariantsOfAccess.ts'
import { exitInvariants } from './invariantsOfExit.ts'
import { moneyInvariants } from './invariantsOfMoney.ts'
import { recordInvariants } from './invariantsOfRecords.ts'
import { holdMoney } from './standing.ts'
import { attendanceHoldGuarded } from './words.ts'

export const attendanceHoldInvariants: readonly Invariant[] = [
  conservation(holdMoney),
  solvency(holdMoney),
  ...moneyInvariants,
  ...recordInvariants,
  isolation('None'),
  ...accessInvariants,
  ...exitInvariants,
  reentry(attendanceHoldGuarded),
]
