/**
 * Every named refusal of progressive-escrow with its meaning, and the actions that its guard
 * covers. The names are the contract's custom errors and functions.
 */
import type { GuardedActions } from '../kit/protocol.ts'

export const progressiveEscrowErrors = {
  SessionExists: 'the session id was used before',
  NotStudent: 'only the student of the session may do this',
  NonceUsed: 'the student has used this nonce before',
  InvalidMentor: 'the mentor is nobody, the student or the contract',
  ZeroDuration: 'a session of no time is worth nothing',
  ZeroAmount: 'nothing is offered',
  DepositFailed: 'the token did not move',
  DepositShort: 'less arrived than was sent',
  NotCreated: 'the session is not waiting for its start',
  NotParticipant: 'the caller is neither student nor mentor of the session',
  NotActive: 'the session is not running',
  TimedOut: 'a party was silent for too long; the session has to be paused first',
  TooEarly: 'the release interval has not passed yet',
  StaleHeartbeat: 'a party was silent for too long for anything to be released',
  NothingToRelease: 'time has earned no more than was released',
  NotPaused: 'the session is not paused',
  NotTimedOut: 'nobody was silent for too long',
  NotRunning: 'the session is neither running nor paused',
  InvalidRating: 'a rating is 1 to 5',
  AutoReleasePending: 'only the student may complete so early',
  NotOpen: 'the session holds no money that could be released',
  NotOwner: 'only the owner of the contract may do this',
  TooMuch: 'more than what is left of the session',
  InsufficientFunds: 'the contract holds less',
  NothingToClaim: 'the caller has no unpaid share',
  InvalidRecipient: 'tokens cannot be sent to nobody or back to the contract',
  ClaimFailed: 'the token refused the claimed transfer',
} as const
export type ProgressiveEscrowError = keyof typeof progressiveEscrowErrors

const GUARDED = [
  'create',
  'start',
  'heartbeat',
  'release',
  'pause',
  'resume',
  'pauseOnTimeout',
  'complete',
  'autoComplete',
  'cancel',
  'emergencyRelease',
  'claim',
] as const

/** Actions during which nobody else is let in: all that the contract has. */
export const progressiveEscrowGuarded: GuardedActions = {
  'as-described': GUARDED,
  hardened: GUARDED,
}
