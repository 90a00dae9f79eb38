/**
 * What the user's client knows and is set to, for `user.ts` (chain and search) and `userChat.ts`.
 *
 * What was asked, received and signed is in `TokenBook`, the one part of the state that is changed
 * in place: hundreds of pieces of answers would otherwise copy the rest.
 */
import type { Policy } from '../../models/kit/trace.ts'
import { EMPTY_WALLET, type Wallet } from '../world/wallet.ts'
import type { JobView } from './actors.ts'
import type { Behaviour } from './behaviour.ts'

/** A question to the registry is repeated after this time, doubled with each try. */
export const SEARCH_AGAIN_MS = 2_000
/** A prompt (or what is left of its answer) is asked for again after this long without a token. */
export const STALL_MS = 2_000
/** As described, a satisfied user leaves the host this long to submit its last proof. */
export const COURTESY_MS = 30_000
/** A user repeats its last word for this long; who has not heard it by then is not there. */
export const REPEATS_MS = 60_000
/** A free rider leaves when no more than so many tokens are missing to the next proof. */
export const EARLY_TOKENS = 16
/** Added to the end of the proof window, so that the settlement is not refused. */
export const SETTLE_MARGIN_MS = 1_000

export interface UserConfig {
  readonly policy: Policy
  readonly behaviour: Behaviour
  readonly intervalTokens: number
  readonly approvalUnits: bigint
  readonly depositUnits: bigint
  readonly affordableTokens: number
  readonly confirmations: number
  readonly blockMs: number
  readonly resendAfterMs: number
  /** Defects, each for a canary. */
  readonly signsClaims: boolean
  readonly signsAheadTokens: number
  readonly neverEnds: boolean
}

/** What was asked, received and signed. */
export interface TokenBook {
  /** Number of the newest prompt; −1 before the first. */
  prompt: number
  /** Cumulative number of tokens with which its answer is complete. */
  answerEnd: number
  isAnswered: boolean
  received: number
  /** What the host said last that it had delivered. */
  claimed: number
  signed: number
  /** Monotonic time of the newest token, or of the prompt. */
  heardMs: number
  isWatching: boolean
}

export interface UserState {
  readonly view: JobView | null
  readonly phase: 'before' | 'searching' | 'opening' | 'chatting' | 'leaving' | 'gone'
  readonly attempts: number
  /** Block in which what is waited for was first seen. */
  readonly allowedIn: number | null
  readonly createdIn: number | null
  /** Monotonic times; Infinity for never. */
  readonly looksAtMs: number
  readonly endFromMs: number
  readonly settleFromMs: number
  readonly book: TokenBook
  readonly wallet: Wallet
}

export const NEVER = Number.POSITIVE_INFINITY

/** A user who has not begun. */
export const initialUser = (): UserState => ({
  view: null,
  phase: 'before',
  attempts: 0,
  allowedIn: null,
  createdIn: null,
  looksAtMs: 0,
  endFromMs: NEVER,
  settleFromMs: NEVER,
  book: {
    ...{ prompt: -1, answerEnd: 0, isAnswered: true, received: 0, claimed: 0, signed: 0 },
    ...{ heardMs: 0, isWatching: false },
  },
  wallet: EMPTY_WALLET,
})
