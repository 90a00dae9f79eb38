/**
 * What the downloader's client knows and is set to, for `downloader.ts` (the chain), `transfer.ts`
 * (the file) and `meter.ts` (reports of its own).
 *
 * What was asked and has arrived is in `TransferBook`, the one part of the state that is changed in
 * place: hundreds of chunks would otherwise copy the rest.
 */
import type { Policy } from '../../models/kit/trace.ts'
import { pieceMs, rateOf } from '../world/download.ts'
import { EMPTY_WALLET, type Wallet } from '../world/wallet.ts'
import type { DownloadView, Effect, LeaveReason, Range, Step } from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import type { DownloadTerms } from './options.ts'

/** Ranges that are asked of one seeder and have not arrived. */
export const WINDOW = 4
/** Time without a sign of a seeder after which it is asked again, on top of its chunks' time. */
export const STALL_MS = 2_000
/** Time on top of that of a chunk, after which a poll that was not answered is repeated. */
export const ANSWER_MS = 1_000
/** Stalls after which a seeder counts as absent, and its ranges go to the others. */
export const ABSENT_STALLS = 2
/** A cheat that is refused gives up after this long: it knows why. */
export const CHEAT_PATIENCE_MS = 10_000

export interface DownloaderConfig {
  readonly policy: Policy
  readonly behaviour: Behaviour
  readonly terms: DownloadTerms
  readonly chunkBytes: number
  readonly pollIntervalMs: number
  readonly resendAfterMs: number
  /** Time until a payment counts. */
  readonly confirmMs: number
  /** What each of the other downloads locks. */
  readonly otherUnits: readonly bigint[]
  /** Defects, each for a canary. */
  readonly mebibyteBytes: number
  readonly paysWhateverIsAsked: boolean
  readonly paysAgain: boolean
  readonly neverReassigns: boolean
  readonly neverPolls: boolean
  readonly neverLeaves: boolean
}

export interface SourceBook {
  /** `paused`: answered with 402. `absent`: silent for too long. */
  status: 'there' | 'paused' | 'absent'
  /** Asked and not arrived. */
  outstanding: Range[]
  /** Arrived and wanted, in order of arrival. */
  readonly arrived: Range[]
  arrivedBytes: number
  /** All that ever came from it: bytes of each range by where it begins. */
  readonly reached: Map<number, number>
  reachedBytes: number
  /** What it was asked for and is not wanted from it any more, likewise. */
  readonly voided: Map<number, number>
  voidBytes: number
  /** What it was told last that has arrived. */
  toldBytes: number
  /** Monotonic time of its last word, or of the question that it has not answered. */
  heardMs: number
}

export interface TransferBook {
  /** The file is asked for up to here. */
  nextFrom: number
  /** Ranges that were asked for and given back. */
  pool: Range[]
  /** Bytes of the file that are there. */
  haveBytes: number
  readonly sources: readonly SourceBook[]
  isPolling: boolean
  isWatching: boolean
  /** Monotonic time of the last progress. */
  progressMs: number
}

export interface DownloaderState {
  readonly view: DownloadView | null
  readonly phase: 'before' | 'fetching' | 'leaving' | 'gone'
  /** Nonce of a cheat that is tried once, when it was tried. */
  readonly cheatNonce: number | null
  readonly book: TransferBook
  readonly wallet: Wallet
}

const source = (): SourceBook => ({
  status: 'there',
  outstanding: [],
  ...{ arrived: [], arrivedBytes: 0, reached: new Map(), reachedBytes: 0 },
  ...{ voided: new Map(), voidBytes: 0, toldBytes: 0, heardMs: 0 },
})

/** A downloader that has not begun. */
export const initialDownloader = (seeders: number): DownloaderState => ({
  view: null,
  phase: 'before',
  cheatNonce: null,
  book: {
    ...{ nextFrom: 0, pool: [], haveBytes: 0, sources: Array.from({ length: seeders }, source) },
    ...{ isPolling: false, isWatching: false, progressMs: 0 },
  },
  wallet: EMPTY_WALLET,
})

/** How long a seeder may say nothing: a window of its chunks may be on its way twice. */
export function stallMs(
  { behaviour, terms, chunkBytes }: Pick<DownloaderConfig, 'behaviour' | 'terms' | 'chunkBytes'>,
  seeder: number,
): number {
  const rate = rateOf(behaviour, seeder, terms.seeders)
  return STALL_MS + 2 * WINDOW * pieceMs(chunkBytes, rate)
}

/** How long the answer to one question may take. */
export function answerMs(config: DownloaderConfig, seeder: number): number {
  const { behaviour, terms, chunkBytes } = config
  return ANSWER_MS + pieceMs(chunkBytes, rateOf(behaviour, seeder, terms.seeders))
}

/** Leaves, once; who vanishes says nothing to anybody. */
export function leave(state: DownloaderState, reason: LeaveReason): Step<DownloaderState> {
  if (state.phase === 'leaving' || state.phase === 'gone') return [state, []]
  const mark: Effect = { kind: 'mark', mark: { kind: 'left', reason } }
  return [{ ...state, phase: reason === 'vanished' ? 'gone' : 'leaving' }, [mark]]
}
