/**
 * Context and events of the session-escrow machine.
 *
 * Everything that the machine cannot know (block time, whether a token moved, whether a signature
 * is genuine) is a fact inside the event; that is what keeps it pure and lets skew be injected.
 */
import type { TransferInResult } from '../kit/token.ts'

/** Owners of the three shares of a settlement. */
export type ShareOwner = 'student' | 'tutor' | 'platform'
export type SessionRole = ShareOwner | 'relayer' | 'stranger'

export interface SessionInput {
  /** Kind of the session's token. */
  readonly token: string
  readonly ratePerSecondUnits: bigint
  readonly feeBps: bigint
  readonly silenceTimeoutSeconds: number
  readonly startWindowSeconds: number
  readonly evidenceWindowSeconds: number
  /** Whether the named tutor is somebody other than the student, the contract or nobody. */
  readonly tutorIsValid: boolean
}

export interface SessionContext extends SessionInput {
  readonly depositUnits: bigint
  readonly studentJoined: boolean
  readonly tutorJoined: boolean
  readonly fundedAtSeconds: number
  readonly startedAtSeconds: number
  readonly stoppedAtSeconds: number
  readonly billedSeconds: bigint
  readonly evidenceUntilSeconds: number
  /** Shares that could not be pushed, in base units. */
  readonly claims: Readonly<Record<ShareOwner, bigint>>
}

/** A side's newest signed ping, as it is presented with a stop. */
export interface PresentedPing {
  readonly atSeconds: bigint
  /** Signed by that side, for this session, on this contract, and unaltered. */
  readonly authentic: boolean
}

export type SessionAction = 'deposit' | 'join' | 'topUp' | 'stop' | 'settle' | 'cancel' | 'claim'

export interface SessionEvent {
  readonly type: SessionAction
  readonly by: SessionRole
  readonly atSeconds: number
  /** deposit, topUp: base units offered. */
  readonly amountUnits?: bigint
  /** deposit, topUp: what becomes of the transfer. */
  readonly transferIn?: TransferInResult
  /** stop (hardened): the presented evidence. */
  readonly pings?: { readonly student: PresentedPing | null; readonly tutor: PresentedPing | null }
  /** settle, cancel: whom the token pays. */
  readonly pays?: Readonly<Record<ShareOwner, boolean>>
  /** claim: where the claimed share is to go, and whether the token pays that address. */
  readonly claimTo?: { readonly holder: string; readonly valid: boolean; readonly paid: boolean }
}
