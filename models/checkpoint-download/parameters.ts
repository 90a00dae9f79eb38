/**
 * Parameters of checkpoint-download: what the contract is deployed with, and the terms of one
 * download.
 *
 * Units are part of the names; a mebibyte is 2^20 bytes. The guide that describes the protocol
 * names most numbers; those that are ours are marked so in the README. A reputation is nothing that
 * the contract knows: it stands for terms.
 */
import { z } from 'zod'

const whole = (least: number, most: number, fallback: number, about: string) =>
  z.number().int().min(least).max(most).default(fallback).describe(about)

/** What the contract is constructed with, and what only its clients keep to. */
export const checkpointDownloadParameters = z.strictObject({
  minCheckpointMebibytes: whole(1, 1_000_000, 1, 'least size of the first checkpoint, in MiB'),
  maxCheckpointMebibytes: whole(
    1,
    1_000_000,
    50,
    'hardened only: largest segment between two checkpoints, in MiB',
  ),
  confirmations: whole(0, 64, 3, 'clients only: blocks after which a payment counts'),
  pollIntervalMs: whole(50, 60_000, 500, 'clients only: time between two looks at a payment'),
  chunkBytes: whole(1_024, 16_777_216, 262_144, 'clients only: bytes in one answer of a seeder'),
})
export type CheckpointDownloadParameters = z.infer<typeof checkpointDownloadParameters>

/** How checkpoints follow each other; `upfront` has none but the first, for the whole file. */
export const DOWNLOAD_MODES = ['exponential', 'upfront', 'constant'] as const
export type DownloadMode = (typeof DOWNLOAD_MODES)[number]

/** Default terms of a download, in base units of a token with 18 decimals. */
export const downloadTermsDefault = {
  fileBytes: 104_857_600n,
  /** Price of a MiB: 0.001. */
  pricePerMebibyteUnits: 1_000_000_000_000_000n,
  mode: 'exponential',
  firstMebibytes: 10,
  /** By how much a segment exceeds the one before: 20,000 doubles it. */
  growthBps: 20_000,
} as const

/** What a seeder thinks of a downloader. */
export const REPUTATIONS = ['trusted', 'high', 'none', 'low', 'untrusted'] as const
export type Reputation = (typeof REPUTATIONS)[number]

/** How a download is paid that goes to a downloader of this reputation. */
export function termsOfReputation(reputation: Reputation): {
  readonly mode: DownloadMode
  readonly firstMebibytes: number
} {
  switch (reputation) {
    case 'trusted':
      return { mode: 'upfront', firstMebibytes: downloadTermsDefault.firstMebibytes }
    case 'high':
      return { mode: 'exponential', firstMebibytes: 20 }
    case 'none':
      return { mode: 'exponential', firstMebibytes: downloadTermsDefault.firstMebibytes }
    case 'low':
      return { mode: 'exponential', firstMebibytes: 5 }
    case 'untrusted':
      return { mode: 'constant', firstMebibytes: 1 }
  }
}
