/**
 * Every named refusal of checkpoint-download with its meaning, and the actions that its guard
 * covers. The names are the contract's custom errors and functions.
 */
import type { GuardedActions } from '../kit/protocol.ts'

export const checkpointDownloadErrors = {
  DownloadExists: 'the download id was used before',
  NotDownloader: 'only the downloader may do this',
  InvalidSeeders: 'no or too many seeders, or one is nobody, twice there, or not a seeder',
  ZeroFile: 'there is nothing to download',
  ZeroPrice: 'the price is less than one base unit a MiB for each seeder',
  CheckpointTooSmall: 'the first checkpoint is below the least that is allowed',
  InvalidGrowth: 'segments would shrink, or grow more than tenfold',
  AmountTooLarge: 'the price of the file would not fit into 128 bits',
  NotServing: 'nothing is being served',
  UnknownSeeder: 'the download has no such seeder',
  NotSeeder: 'only a seeder (of its own progress: that seeder) may do this',
  StaleProgress: 'no more is reported than before',
  BeyondFile: 'more is reported than the file has',
  BeyondSegment: 'the report would skip a checkpoint',
  NotWaiting: 'no payment is awaited',
  AlreadyPending: 'a payment is reported and not yet confirmed',
  WrongCheckpoint: 'the payment is for another checkpoint',
  WrongAmount: 'the amount is not what is due',
  DepositShort: 'less arrived than was sent',
  NotFailed: 'no payment has failed',
  NoRetry: 'a failed payment cannot be tried again',
  NothingToConfirm: 'no payment was reported',
  NotParty: 'the caller is no party of the download',
  Incomplete: 'the file has not arrived as a whole',
  NotCancellable: 'the download cannot be left',
  NothingToClaim: 'the caller has no unpaid share',
  InvalidRecipient: 'tokens cannot be sent to nobody or back to the contract',
  ClaimFailed: 'the token refused the claimed transfer',
} as const
export type CheckpointDownloadError = keyof typeof checkpointDownloadErrors

const GUARDED = [
  'open',
  'reportProgress',
  'pay',
  'retryPayment',
  'confirm',
  'complete',
  'cancel',
  'claim',
] as const

/** Actions during which nobody else is let in: all that the contract has. */
export const checkpointDownloadGuarded: GuardedActions = {
  'as-described': GUARDED,
  hardened: GUARDED,
}
