/**
 * Every named refusal of withdrawal with its meaning, and the actions that its guard
 * covers. The names are the contract's custom errors and functions.
 */
import type { GuardedActions } from '../kit/protocol.ts'

export const withdrawalErrors = {
  NotPlatform: 'only the platform may do this',
  ZeroAmount: 'nothing is paid in',
  DepositFailed: 'the token did not move',
  DepositShort: 'less arrived than was sent',
  RequestExists: 'the withdrawal id was used before',
  NotTeacher: 'only the teacher of the withdrawal may do this',
  BelowMinimum: 'the amount is below the minimum',
  InsufficientBalance: 'the amount is more than what is available',
  NotPending: 'the withdrawal does not wait for an admin',
  NotAdmin: 'only an admin may do this',
  NotProcessing: 'the withdrawal does not wait for the bank',
  NotBank: 'only the bank may do this',
  EmptyReference: 'a payment of the bank has a reference above zero',
  ReferenceUsed: 'this payment of the bank has completed another withdrawal',
  NoWayBack: 'as described, a withdrawal can only be approved, rejected and completed',
  NotOpen: 'the withdrawal was not requested, or is over',
  StillProcessing: 'the bank still has time to pay',
  NothingToWithdraw: 'the account is empty',
  NothingToClaim: 'the caller has no payment waiting',
  InvalidRecipient: 'tokens cannot be sent to nobody or back to the contract',
  WithdrawFailed: 'the commission did not move',
  ClaimFailed: 'the claimed payment did not move',
} as const
export type WithdrawalError = keyof typeof withdrawalErrors

const GUARDED = [
  'credit',
  'request',
  'approve',
  'reject',
  'complete',
  'withdrawCommission',
  'claim',
] as const

/** Actions during which nobody else is let in: all but those that are always refused. */
export const withdrawalGuarded: GuardedActions = {
  'as-described': GUARDED,
  hardened: [...GUARDED, 'bankFailed', 'cancel'],
}
