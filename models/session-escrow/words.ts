/**
 * Every named refusal of session-escrow with its meaning, and the actions that its guard
 * covers. The names are the contract's custom errors and functions.
 */
import type { GuardedActions } from '../kit/protocol.ts'

export const sessionEscrowErrors = {
  SessionExists: 'the session id was used before',
  NotStudent: 'only the student of the session may do this',
  InvalidTutor: 'the tutor is nobody, the student or the contract',
  ZeroRate: 'a rate of zero buys an endless call',
  DepositBelowRate: 'the deposit does not buy one second',
  DepositFailed: 'the token did not move',
  DepositShort: 'less arrived than was sent',
  NotFunded: 'the session is not waiting for its parties',
  NotParty: 'the caller is no party of the session',
  StartWindowOver: 'the time to join has passed',
  AlreadyJoined: 'this party has joined already',
  NotOpen: 'the session takes no more deposits',
  CapReached: 'the deposit is used up; a top-up would bill the past',
  ZeroAmount: 'nothing is offered',
  AmountTooLarge: 'the deposit would not fit into 128 bits',
  NotActive: 'the session is not running',
  InvalidPing: 'a ping was not signed by that side for this session',
  InsufficientEvidence: 'the pings do not prove the full cap',
  EvidenceWindowOver: 'the time for newer evidence has passed',
  StaleEvidence: 'the evidence does not raise the bill',
  NotStopped: 'the session is not waiting for its settlement',
  EvidenceWindowOpen: 'newer evidence may still arrive',
  StartWindowOpen: 'the parties may still join',
  NothingToClaim: 'the caller has no unpaid share',
  InvalidRecipient: 'tokens cannot be sent to nobody or back to the contract',
  ClaimFailed: 'the token refused the claimed transfer',
} as const
export type SessionEscrowError = keyof typeof sessionEscrowErrors

const GUARDED = ['deposit', 'join', 'topUp', 'stop', 'settle', 'cancel', 'claim'] as const

/** Actions during which nobody else is let in: all that the contract has. */
export const sessionEscrowGuarded: GuardedActions = {
  'as-described': GUARDED,
  hardened: GUARDED,
}
