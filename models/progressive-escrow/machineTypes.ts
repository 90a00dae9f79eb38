/**
 * Context and events of the progressive-escrow machine.
 *
 * Everything that the machine cannot know (block time, whether a token moves, what the contract
 * holds, which nonces other sessions have used) is a fact inside the event; that keeps it pure.
 */
import type { TransferInResult } from '../kit/token.ts'
import type { Policy } from '../kit/trace.ts'

/** Owners of the three shares of a session. */
export type ShareOwner = 'student' | 'mentor' | 'platform'
export type ProgressiveRole = ShareOwner | 'owner' | 'stranger'

export interface ProgressiveInput {
  /** Kind of the session's token. */
  readonly token: string
  /** Price of the whole session, in base units. */
  readonly totalAmountUnits: bigint
  readonly durationMinutes: number
  readonly nonce: bigint
  readonly feeBps: bigint
  readonly progressiveBps: bigint
  readonly releaseIntervalSeconds: number
  readonly heartbeatIntervalSeconds: number
  readonly graceSeconds: number
  readonly autoReleaseDelaySeconds: number
  /** Whether the named mentor is somebody other than the student, the contract or nobody. */
  readonly mentorIsValid: boolean
}

export interface ProgressiveContext extends ProgressiveInput {
  readonly policy: Policy
  /** The price once it is locked, zero before. */
  readonly totalUnits: bigint
  readonly createdAtSeconds: number
  readonly startedAtSeconds: number
  /** Start, or newest resumption. */
  readonly activeSinceSeconds: number
  /** From when on the present pause counts; zero when there is none. */
  readonly pausedAtSeconds: number
  /** When a party asked for the present pause; zero when none or when it came out of a silence. */
  readonly pauseCalledAtSeconds: number
  /** Length of all ended pauses. */
  readonly pausedSeconds: number
  readonly studentSeenAtSeconds: number
  readonly mentorSeenAtSeconds: number
  readonly lastReleaseAtSeconds: number
  /** Taken out for the mentor so far, fees included, in base units. */
  readonly releasedUnits: bigint
  readonly feePaidUnits: bigint
  /** The part of it that the owner released. */
  readonly emergencyUnits: bigint
  readonly rating: bigint
  readonly feedbackHash: bigint
  /** Shares that could not be pushed, in base units. */
  readonly claims: Readonly<Record<ShareOwner, bigint>>
}

export type ProgressiveAction =
  | 'create'
  | 'start'
  | 'heartbeat'
  | 'release'
  | 'pause'
  | 'resume'
  | 'pauseOnTimeout'
  | 'complete'
  | 'autoComplete'
  | 'cancel'
  | 'emergencyRelease'
  | 'claim'

export interface ProgressiveEvent {
  readonly type: ProgressiveAction
  readonly by: ProgressiveRole
  readonly atSeconds: number
  /** create: what becomes of the transfer. */
  readonly transferIn?: TransferInResult
  /** create: whether another session of the student was created with this nonce. */
  readonly nonceUsed?: boolean
  /** complete: the student's rating and the hash of its words. */
  readonly rating?: bigint
  readonly feedbackHash?: bigint
  /** emergencyRelease: base units asked for. */
  readonly amountUnits?: bigint
  /** Actions that pay: whom the token pays. */
  readonly pays?: Readonly<Record<ShareOwner, boolean>>
  /** Actions that pay: what the contract holds of the token before them, in base units. */
  readonly heldUnits?: bigint
  /** claim: where the claimed share is to go, and whether the token pays that address. */
  readonly claimTo?: { readonly holder: string; readonly valid: boolean; readonly paid: boolean }
}
