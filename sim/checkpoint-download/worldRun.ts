/**
 * What one run of the checkpoint-download world leaves behind: everything that judges, reports and
 * views may ask about it, as data.
 *
 * True times are milliseconds since the start of the world (`…Ms`). Amounts are bigint base units;
 * bytes are counted cumulatively from the start of the download.
 */
import type { ExposureSample } from '../world/exposure.ts'
import type { CommonRun, MessageRecord } from '../world/records.ts'
import type { LeaveReason } from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import type { LedgerEntry } from './ledger.ts'
import type { DownloadTerms } from './options.ts'
import type { PaymentRecord } from './payments.ts'

/** Deliberate mistakes in the world, each of which a claim about the world must catch. */
export interface WorldDefects {
  /** A seeder sends whatever it is asked for while the chain says Serving. */
  readonly seederServesPastLimit?: boolean
  /** A seeder reports what it sent and not what has arrived. */
  readonly seederReportsWhatItSent?: boolean
  /** A seeder takes a payment for good as soon as it sees it. */
  readonly seederServesUnconfirmed?: boolean
  readonly downloaderPaysWhateverIsAsked?: boolean
  /** When a payment could not be sent, the downloader sends another beside it. */
  readonly downloaderPaysAgain?: boolean
  readonly downloaderNeverReassigns?: boolean
  /** After a 402 the downloader does not ask again. */
  readonly downloaderNeverPolls?: boolean
  /** No party ever cancels. */
  readonly nobodyLeaves?: boolean
  /** The downloader's client takes a MiB for 10^6 bytes. */
  readonly megabytesForMebibytes?: boolean
}

/** A cumulative number of bytes that was reached at some time. */
export interface Count {
  readonly signedMs: number
  readonly bytes: number
}

/** What a seeder saw of the chain, noted when it changed. */
export interface Look {
  readonly atMs: number
  readonly state: string
  readonly checkpoint: number
  /** Reported as delivered by this seeder. */
  readonly deliveredBytes: number
}

/** A payment that the downloader asked its node to take, and what it saw of the chain by then. */
export interface PaymentRequest {
  readonly atMs: number
  /** The checkpoint that is paid; as described the reference. */
  readonly payment: number
  readonly nonce: number
  /** By its newest look: its next nonce, and the payments that were credited. */
  readonly seenNonce: number
  readonly seenCheckpoint: number
}

/** Ground truth of one seeder. */
export interface SourceRecord {
  /** Sent by the seeder, each byte once. */
  readonly sent: readonly Count[]
  /** Of that, what has reached the downloader. */
  readonly reached: readonly Count[]
  /** Of that, what the seeder knows to have arrived. */
  readonly acknowledged: readonly Count[]
  readonly looks: readonly Look[]
  /** When the downloader was answered with 402. */
  readonly unpaidMs: readonly number[]
  readonly polls: number
  readonly reassignments: number
  readonly reassignedBytes: number
  readonly leftMs: number | null
  readonly reason: LeaveReason | null
}

/** When things happened in true time; null for never. */
export interface Milestones {
  /** The downloader wants the file from here on. */
  readonly askedMs: number
  readonly openedMs: number | null
  /** The last byte of the file. */
  readonly completeMs: number | null
  readonly leftMs: number | null
  readonly reason: LeaveReason | null
  /** Completed or cancelled on chain; as described also a payment that failed. */
  readonly endedMs: number | null
  /** The last payment out of the contract, or the end if there is none later. */
  readonly overMs: number | null
  /** All faults are over from here on. */
  readonly healedMs: number
}

/** How the download stands at the end. */
export interface EndState {
  readonly state: string
  readonly checkpoint: number
  readonly totalBytes: number
  readonly billedBytes: number
  /** What the contract says each seeder was paid. */
  readonly paidUnits: readonly bigint[]
  /** What each of them really got. */
  readonly receivedUnits: readonly bigint[]
  /** What left the downloader for this download, and what came back. */
  readonly sentUnits: bigint
  readonly refundedUnits: bigint
  readonly claimUnits: bigint
  /** What still lies in the contract. */
  readonly heldUnits: bigint
}

export interface WorldRun extends CommonRun {
  readonly protocol: 'checkpoint-download'
  readonly behaviour: Behaviour
  readonly terms: DownloadTerms
  readonly sources: readonly SourceRecord[]
  /** Ground truth: how much of the file was there when. */
  readonly received: readonly Count[]
  readonly receivedBytes: number
  /** The contract's books after each step, worked out from the steps alone. */
  readonly ledger: readonly LedgerEntry[]
  readonly payments: readonly PaymentRecord[]
  /** Oldest first, whatever became of them. */
  readonly requests: readonly PaymentRequest[]
  readonly milestones: Milestones
  readonly lags: {
    /** Longest that a message of this run was on its way. */
    readonly messageMs: number
  }
  /** Messages that did not arrive. */
  readonly lostCount: number
  readonly exposure: readonly ExposureSample[]
  /** Empty unless the run was made with `detail: 'full'`. */
  readonly messages: readonly MessageRecord<ShownMessage>[]
  readonly endState: EndState
}

/** What a message of the sequence diagram shows. */
export interface ShownMessage {
  /** Bytes that it asks for, brings or acknowledges. */
  readonly sequence: number | null
}
