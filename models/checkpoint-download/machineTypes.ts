/**
 * Context and events of the checkpoint-download machine.
 *
 * Everything that the machine cannot know (block time, whether tokens move, whom a token pays) is a
 * fact inside the event; that is what keeps it pure.
 */
import type { TransferInResult } from '../kit/token.ts'
import type { DownloadMode } from './parameters.ts'

/** Owners of the shares of a download; seeders in the order of its terms. */
export type ShareOwner = 'downloader' | `seeder${number}`
export type DownloadRole = ShareOwner | 'stranger'

export interface DownloadInput {
  /** Kind of the download's token. */
  readonly token: string
  readonly fileBytes: bigint
  readonly pricePerMebibyteUnits: bigint
  readonly mode: DownloadMode
  readonly firstMebibytes: number
  readonly growthBps: number
  readonly seederCount: number
  /** One to eight seeders, each once, and none of them nobody, the downloader or the contract. */
  readonly seedersAreValid: boolean
  readonly minCheckpointMebibytes: number
  readonly maxCheckpointMebibytes: number
}

export interface DownloadContext extends DownloadInput {
  /** Largest segment: 2^64 − 1 in as-described. */
  readonly segmentBytesMax: bigint
  /** Payments that were credited. */
  readonly checkpoint: number
  /** Bytes at which the next payment falls due; zero in mode upfront and before the opening. */
  readonly thresholdBytes: bigint
  /** Bytes from the last threshold to the next one; zero in mode upfront and before the opening. */
  readonly segmentBytes: bigint
  /** Reported as delivered, by seeder. */
  readonly deliveredBytes: readonly bigint[]
  readonly totalBytes: bigint
  /** The total at the last payment that was credited. */
  readonly billedBytes: bigint
  /** What has to be paid before serving goes on. */
  readonly dueUnits: bigint
  /** as-described: what the downloader says it has paid, not yet confirmed. */
  readonly pendingUnits: bigint
  /** Paid so far, by seeder, deferred payments included. */
  readonly paidUnits: readonly bigint[]
  /** hardened, mode upfront: what is locked and not yet paid to a seeder. */
  readonly lockedUnits: bigint
  /** Shares that could not be pushed, in base units. */
  readonly claims: Readonly<Record<ShareOwner, bigint>>
}

export type DownloadAction =
  | 'open'
  | 'reportProgress'
  | 'pay'
  | 'retryPayment'
  | 'confirm'
  | 'complete'
  | 'cancel'
  | 'claim'

export interface DownloadEvent {
  readonly type: DownloadAction
  readonly by: DownloadRole
  readonly atSeconds: number
  /** reportProgress: whose progress, as an index into the seeders. */
  readonly seeder?: number
  /** reportProgress: delivered by that seeder since the opening. */
  readonly bytes?: bigint
  /** pay (hardened), retryPayment: which payment, from 0. */
  readonly checkpoint?: number
  /** pay, retryPayment: base units that the downloader says it pays. */
  readonly amountUnits?: bigint
  /** pay (as-described): the hash of a transaction, as a number. */
  readonly reference?: bigint
  /** pay (as-described): base units that really go out. */
  readonly sentUnits?: bigint
  /** pay, retryPayment: what becomes of the transfer. */
  readonly transferIn?: TransferInResult
  /** reportProgress, pay, retryPayment, complete, cancel: whom the token pays. */
  readonly pays?: Readonly<Record<ShareOwner, boolean>>
  /** claim: where the claimed share is to go, and whether the token pays that address. */
  readonly claimTo?: { readonly holder: string; readonly valid: boolean; readonly paid: boolean }
}
