/**
 * What a seeder knows and is set to, for `seeder.ts` (the chain) and `serving.ts` (the file).
 *
 * What was asked and sent is in `ServingBook`, the one part of the state that is changed in place:
 * hundreds of chunks would otherwise copy the rest.
 */
import type { Policy } from '../../models/kit/trace.ts'
import { EMPTY_WALLET, type Wallet } from '../world/wallet.ts'
import type { DownloadView, Range } from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import type { DownloadTerms } from './options.ts'

export interface SeederConfig {
  readonly policy: Policy
  /** Its place in the terms. */
  readonly seeder: number
  readonly behaviour: Behaviour
  readonly terms: DownloadTerms
  readonly chunkBytes: number
  /** What may be sent and not acknowledged, and beyond a checkpoint, in bytes. */
  readonly windowBytes: number
  /** hardened, mode upfront: what may be unreported before a report is due. */
  readonly upfrontStepBytes: number
  /** hardened: the segment after one of so many bytes. */
  readonly nextSegmentBytes: (segmentBytes: number) => number
  readonly confirmations: number
  readonly blockMs: number
  readonly resendAfterMs: number
  /** Defects, each for a canary. */
  readonly servesPastLimit: boolean
  readonly reportsWhatItSent: boolean
  readonly servesUnconfirmed: boolean
  readonly neverLeaves: boolean
}

/** What was asked, sent and acknowledged. */
export interface ServingBook {
  /** Asked and not sent yet. */
  queue: Range[]
  /** Bytes of each range that was ever sent, by where it begins. */
  readonly sent: Map<number, number>
  sentBytes: number
  acknowledgedBytes: number
  voidBytes: number
  /** What the downloader says is all before the next payment. */
  toldBytes: number
  /** Sources among which the downloader's line is shared. */
  sources: number
  isSending: boolean
  /** Monotonic time of the downloader's last word, or of the last progress on chain. */
  heardMs: number
}

export interface SeederState {
  readonly view: DownloadView | null
  readonly phase: 'waiting' | 'serving' | 'leaving' | 'gone'
  /** The newest payment that it sees, and the block after which it saw it first. */
  readonly paid: { readonly checkpoint: number; readonly inBlock: number }
  /** as-described: the block after which a reported payment was first seen; null for none. */
  readonly pendingIn: number | null
  /** Monotonic time of the next look for blocks that bring no news. */
  readonly looksAtMs: number
  /** as-described: from when on it confirms, if nobody has before. */
  readonly confirmsFromMs: number
  /** Nothing was heard for so long that the next look at the chain decides. */
  readonly isImpatient: boolean
  /** Nonce of the report of too much, once it was tried. */
  readonly fraudNonce: number | null
  readonly book: ServingBook
  readonly wallet: Wallet
}

/** A seeder that was asked nothing yet. */
export const initialSeeder = (): SeederState => ({
  view: null,
  phase: 'waiting',
  paid: { checkpoint: 0, inBlock: 0 },
  ...{ pendingIn: null, looksAtMs: 0, confirmsFromMs: 0, isImpatient: false, fraudNonce: null },
  book: {
    ...{ queue: [], sent: new Map(), sentBytes: 0, acknowledgedBytes: 0, voidBytes: 0 },
    ...{ toldBytes: 0, sources: 1, isSending: false, heardMs: 0 },
  },
  wallet: EMPTY_WALLET,
})
