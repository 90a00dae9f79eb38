/**
 * Every named refusal of token-job with its meaning, and the actions that its guard
 * covers. The names are the contract's custom errors and functions.
 */
import type { GuardedActions } from '../kit/protocol.ts'

export const tokenJobErrors = {
  SessionExists: 'the job id was used before',
  NotUser: 'only the user of the job may do this',
  InvalidHost: 'the host is nobody, the user or the contract',
  ZeroPrice: 'a price of zero buys endless tokens',
  ZeroDuration: 'the job would be over at once',
  DepositBelowPrice: 'the deposit does not buy one token',
  DepositFailed: 'the token did not move',
  DepositShort: 'less arrived than was sent',
  NotActive: 'the job is not running',
  NotHost: 'only the host of the job may do this',
  SessionExpired: 'the time for proofs is over',
  ProofWindowOver: 'the user has ended the job, and the time for a last proof is over',
  StaleProof: 'the proof is not above the last one',
  InvalidReceipt: 'the user has not signed this number of tokens for this job',
  NotParty: 'the caller is no party of the job',
  ProofWindowOpen: 'the host may still bring a last proof',
  NotExpired: 'the time of the job is not over',
  NotFound: 'there is no such job',
  NotTreasury: 'only the treasury may do this',
  NothingToWithdraw: 'the account is empty',
  NothingToClaim: 'the caller has no refund waiting',
  InvalidRecipient: 'tokens cannot be sent to nobody or back to the contract',
  WithdrawFailed: 'the token refused the withdrawal',
  ClaimFailed: 'the token refused the claimed transfer',
} as const
export type TokenJobError = keyof typeof tokenJobErrors

const GUARDED = [
  'createSession',
  'submitProof',
  'endSession',
  'timeout',
  'withdrawEarnings',
  'withdrawTreasury',
  'claim',
] as const

/** Actions during which nobody else is let in: all that the contract has. */
export const tokenJobGuarded: GuardedActions = {
  'as-described': GUARDED,
  hardened: GUARDED,
}
