/**
 * The claims of session-escrow, judged on observed traces. Ids are stable for ever.
 *
 * Notation of the formulas: D deposited, P paid or claimable for the tutor, F for the platform, X
 * for the student, R rate, all in base units; s billable seconds as the oracle finds them.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { conservation, isolation, solvency } from '../invariants/money.ts'
import { reentry } from '../invariants/reentry.ts'
import { accessInvariants } from './invariantsOfAccess.ts'
import { billInvariants } from './invariantsOfBill.ts'
import { exitInvariants } from './invariantsOfExit.ts'
import { sessionMoney } from './standing.ts'
import { sessionEscrowGuarded } from './words.ts'

export const sessionEscrowInvariants: readonly Invariant[] = [
  conservation(sessionMoney),
  solvency(sessionMoney),
  ...billInvariants,
  isolation('Idle'),
  ...accessInvariants,
  ...exitInvariants,
  reentry(sessionEscrowGuarded),
]
