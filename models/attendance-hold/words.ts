/**
 * Every named refusal of attendance-hold with its meaning, and the actions that its guard
 * covers. The names are the contract's custom errors and functions.
 */
import type { GuardedActions } from '../kit/protocol.ts'

export const attendanceHoldErrors = {
  HoldExists: 'the id of the hold was used before',
  NotStudent: 'only the student of the terms buys the lesson',
  StartPassed: 'the lesson has begun',
  InvalidTeacher: 'the teacher is nobody, the student or the contract',
  InvalidReferrer: 'the referrer is the student, the teacher or the contract',
  ZeroPrice: 'the lesson would cost nothing',
  DepositFailed: 'the token did not move',
  DepositShort: 'less arrived than was sent',
  NotHeld: 'nothing is held: not bought, released or refunded',
  NotAttestor: 'only the attestor records attendance',
  AttestationOver: 'the time for late records is over',
  WrongIndex: 'the record is not the next one',
  InvalidInterval: 'the record is empty, out of order, or outside the session so far',
  InvalidAttestation: 'the attestor has not signed this for this hold',
  AlreadyFinished: 'the session was finished before',
  NotParty: 'only the teacher or the attestor finishes the session',
  InvalidEnd: 'the session cannot have ended then',
  NotFinished: 'nobody has finished the session',
  NotKeeper: 'only the keeper may do this, for good or for now',
  AttestationOpen: 'late records still count',
  TooEarly: 'the session may still be finished',
  NothingToClaim: 'the caller has no unpaid share',
  InvalidRecipient: 'tokens cannot be sent to nobody or back to the contract',
  ClaimFailed: 'the token refused the claimed transfer',
} as const
export type AttendanceHoldError = keyof typeof attendanceHoldErrors

const GUARDED = [
  'purchase',
  'recordAttendance',
  'finishSession',
  'process',
  'refundUnfinished',
  'claim',
] as const

/** Actions during which nobody else is let in: all that the contract has. */
export const attendanceHoldGuarded: GuardedActions = {
  'as-described': GUARDED,
  hardened: GUARDED,
}
