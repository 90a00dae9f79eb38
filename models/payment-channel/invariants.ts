/**
 * The claims of payment-channel, judged on observed traces. Ids are stable for ever.
 *
 * Notation of the formulas: D deposited, P paid or claimable for the provider, X for the payer, n
 * the number of a voucher, all in base units; r the time of the payer's request, o that of the
 * opening, c the challenge period, e the expiry.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { conservation, isolation, solvency } from '../invariants/money.ts'
import { reentry } from '../invariants/reentry.ts'
import { accessInvariants } from './invariantsOfAccess.ts'
import { exitInvariants } from './invariantsOfExit.ts'
import { paymentInvariants } from './invariantsOfPayment.ts'
import { timeInvariants } from './invariantsOfTime.ts'
import { channelMoney } from './standing.ts'
import { paymentChannelGuarded } from './words.ts'

export const paymentChannelInvariants: readonly Invariant[] = [
  conservation(channelMoney),
  solvency(channelMoney),
  ...paymentInvariants,
  isolation('None'),
  ...accessInvariants,
  ...timeInvariants,
  ...exitInvariants,
  reentry(paymentChannelGuarded),
]
