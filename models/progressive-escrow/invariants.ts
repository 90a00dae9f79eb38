/**
 * The claims of progressive-escrow, judged on observed traces, and those that cannot be kept as
 * described. Ids are stable for ever.
 *
 * Notation of the formulas: D locked, T the price, P paid or claimable for the mentor, F for the
 * platform, X for the student, E released by the owner, all in base units; s seconds that count as
 * the oracle finds them.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { conservation, isolation, solvency } from '../invariants/money.ts'
import { reentry } from '../invariants/reentry.ts'
import type { ExpectedRefutation } from '../kit/protocol.ts'
import { accessInvariants } from './invariantsOfAccess.ts'
import { exitInvariants } from './invariantsOfExit.ts'
import { moneyInvariants } from './invariantsOfMoney.ts'
import { timeInvariants } from './invariantsOfTime.ts'
import { progressiveMoney } from './standing.ts'
import { progressiveEscrowGuarded } from './words.ts'

export const progressiveEscrowInvariants: readonly Invariant[] = [
  conservation(progressiveMoney),
  solvency(progressiveMoney),
  ...moneyInvariants,
  isolation('None'),
  ...accessInvariants,
  ...timeInvariants,
  ...exitInvariants,
  reentry(progressiveEscrowGuarded),
]

/** What the description promises, or takes for granted, and its mechanism does not keep. */
const PROMISED: Readonly<Record<string, string>> = {
  'INV-MONEY-FOLLOWS-TIME': 'the mentor is paid for the time of the session',
  'INV-FEE-EXACT': 'the platform takes 10 % of what the mentor earns',
  'INV-CONSENT': 'the clock runs while both are in the session',
  'INV-NO-GHOST': 'heartbeats of both sides gate every release',
  'INV-TIMEOUT-STAMP': 'a silence of a side stops the payment',
  'INV-AUTO-COMPLETE': 'a session completes itself seven days after it should have ended',
  'INV-OWNER-BOUNDED': 'in an emergency the owner releases what is left of a session',
  'INV-CAP': 'a session never pays more than its price; the owner’s power is unbounded',
  'INV-SOLVENCY': 'the money of a session is safe in the contract; the owner can take it',
  'INV-CONSERVATION': 'each session has money of its own; the owner pays it out of others’',
  'INV-EXIT': 'every party gets its money out; not once the owner has spent it',
}

export const progressiveRefutations: readonly ExpectedRefutation[] = Object.entries(PROMISED).map(
  ([invariant, claim]) => ({ policy: 'as-described', invariant, claim }),
)
