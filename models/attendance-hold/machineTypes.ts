/**
 * Context and events of the attendance-hold machine.
 *
 * Everything that the machine cannot know (block time, whether a token moves, whether an
 * attestation is genuine) is a fact inside the event; that keeps it pure and lets skew be injected.
 */
import type { TransferInResult } from '../kit/token.ts'

/** Owners of the shares of a hold. */
export type ShareOwner = 'student' | 'teacher' | 'referrer' | 'platform'
export type HoldRole = ShareOwner | 'attestor' | 'keeper' | 'stranger'

/** How the student came: absent, late or present, as the contract numbers them. */
export const ATTENDANCE = { absent: 0n, late: 1n, present: 2n } as const

export interface HoldInput {
  /** Kind of the hold's token. */
  readonly token: string
  readonly priceUnits: bigint
  readonly startsAtSeconds: number
  readonly hasReferrer: boolean
  /** Whether the named teacher is somebody other than the student, the contract or nobody. */
  readonly teacherIsValid: boolean
  /** Whether the referrer is nobody, or other than the student, the teacher and the contract. */
  readonly referrerIsValid: boolean
  readonly sessionSeconds: number
  readonly attendanceThresholdBps: bigint
  readonly commissionBps: bigint
  readonly attestationWindowSeconds: number
  readonly keeperWindowSeconds: number
  readonly noShowSeconds: number
  readonly lateAfterSeconds: number
}

export interface HoldContext extends HoldInput {
  /** Who has the commission, if there is a referrer. */
  readonly commissionOwner: 'referrer' | 'platform'
  /** What was paid; zero before the purchase. */
  readonly heldUnits: bigint
  /** Of the last record; zero before there is one. */
  readonly joinedAtSeconds: number
  readonly lastLeftAtSeconds: number
  readonly attendedSeconds: number
  /** Number of accepted records. */
  readonly intervals: number
  readonly attendance: bigint
  /** Block time of finishSession; zero before. */
  readonly finishedAtSeconds: number
  readonly lengthSeconds: number
  /** Shares that could not be pushed, in base units. */
  readonly claims: Readonly<Record<ShareOwner, bigint>>
}

export type HoldAction =
  | 'purchase'
  | 'recordAttendance'
  | 'finishSession'
  | 'process'
  | 'refundUnfinished'
  | 'claim'

export interface HoldEvent {
  readonly type: HoldAction
  readonly by: HoldRole
  readonly atSeconds: number
  /** purchase: what becomes of the transfer. */
  readonly transferIn?: TransferInResult
  /** recordAttendance as-described: what the call platform told, and of which second. */
  readonly told?: { readonly kind: 'joined' | 'left'; readonly atSeconds: number }
  /** recordAttendance hardened: a span of presence, and the number of its record. */
  readonly record?: {
    readonly index: number
    readonly joinedAtSeconds: number
    readonly leftAtSeconds: number
  }
  /** finishSession hardened: when the session ended. */
  readonly endedAtSeconds?: number
  /** Records and ends, hardened: signed by the attestor, for this hold and this very content. */
  readonly attestationIsAuthentic?: boolean
  /** process as-described: what the keeper has decided. */
  readonly release?: boolean
  /** process, refundUnfinished: whom the token pays. */
  readonly pays?: Readonly<Record<ShareOwner, boolean>>
  /** claim: where the claimed share is to go, and whether the token pays that address. */
  readonly claimTo?: { readonly holder: string; readonly valid: boolean; readonly paid: boolean }
}
