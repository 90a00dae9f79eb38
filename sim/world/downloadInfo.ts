/**
 * What makes a world one of downloads: how they are paid for, and by whom.
 *
 * Worlds that say so are compared with each other by the gigabyte. Their facts carry the samples
 * `downloadedBytes` (of every run in which service was due), `waitedMs` (the download stood still
 * until a payment counted) and, of a download that was completed, `downloadMs` (from the wish for
 * the file to its last byte). Times are compared over downloads that were completed wherever they
 * are compared: one that somebody left stands still until the other gives up, which is no wait for
 * a payment, and slow ones are left more often.
 */
import type { Terms } from './simulated.ts'

/** A world of downloads. */
export interface DownloadInfo {
  /** Senders whose transactions are the payer's; everybody else's are the provider's. */
  readonly payers: readonly string[]
  /** What one payment is, and where they are counted. */
  readonly payment: {
    readonly name: string
    /** Accepted calls of these actions, or a sample of the facts. */
    readonly from: { readonly actions: readonly string[] } | { readonly sample: string }
  }
  /** Terms under which its downloads are like those of other protocols: one source each. */
  readonly alike?: Terms
  /** What it locks and how it is paid, as the rest of a sentence: `nothing; …`, `a deposit; …`. */
  readonly locks: string
}
