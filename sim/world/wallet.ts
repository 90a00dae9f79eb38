/**
 * A participant's way to get transactions included: it wants something, and asks again until the
 * chain shows that it happened.
 *
 * Wanting is recomputed from the chain's state, never remembered as "sent": lost answers, dropped
 * transactions, replaced blocks and ambiguous sends then need no case of their own. A repeated
 * request bears the same nonce and a higher fee, so at most one of them can be included.
 */
import type { Intent, Submission, TimerEffect } from './actors.ts'

/** First pause after a request that failed; it doubles up to the most. */
export const BACKOFF_LEAST_MS = 1_000
export const BACKOFF_MOST_MS = 16_000
/** Fee bumps after which a request is repeated without a further one. */
export const ATTEMPTS_MAX = 12

export interface Wallet {
  readonly key: string | null
  readonly nonce: number
  readonly attempt: number
  readonly failures: number
  /** Monotonic time at which the request is repeated. */
  readonly dueMs: number
}

export const EMPTY_WALLET: Wallet = { key: null, nonce: -1, attempt: 0, failures: 0, dueMs: 0 }

/** A wallet asks for a timer of this name; on it, its owner pursues anew. */
type WalletTimer = TimerEffect<'wallet'>

export interface WalletOptions {
  readonly wallet: Wallet
  readonly intent: Intent | null
  /** The chain's next nonce of this sender. */
  readonly nonce: number
  readonly monotonicMs: number
  readonly resendAfterMs: number
}

/** Sends what is wanted if it was not sent yet, or not for a while. */
export function pursue(
  options: WalletOptions,
): readonly [Wallet, readonly (Submission | WalletTimer)[]] {
  const { wallet, intent, nonce, monotonicMs, resendAfterMs } = options
  if (intent === null) return [wallet.key === null ? wallet : { ...wallet, key: null }, []]
  const isSameNonce = wallet.nonce === nonce
  const isSame = wallet.key === intent.key && isSameNonce
  if (isSame && monotonicMs < wallet.dueMs) return [wallet, []]
  const attempt = !isSameNonce
    ? 0
    : isSame && wallet.failures > 0
      ? wallet.attempt
      : Math.min(wallet.attempt + 1, ATTEMPTS_MAX)
  const dueMs = monotonicMs + resendAfterMs
  const next: Wallet = { key: intent.key, nonce, attempt, failures: 0, dueMs }
  const timer: WalletTimer = { kind: 'timer', name: 'wallet', afterMs: resendAfterMs }
  return [next, [{ kind: 'submit', intent, nonce, attempt }, timer]]
}

/** The node answered with an error: repeat the same request after a pause. */
export function backOff(
  wallet: Wallet,
  monotonicMs: number,
  failuresBefore: number,
): readonly [Wallet, readonly WalletTimer[]] {
  const pauseMs = Math.min(BACKOFF_LEAST_MS * 2 ** failuresBefore, BACKOFF_MOST_MS)
  const next = { ...wallet, failures: failuresBefore + 1, dueMs: monotonicMs + pauseMs }
  return [next, [{ kind: 'timer', name: 'wallet', afterMs: pauseMs }]]
}
