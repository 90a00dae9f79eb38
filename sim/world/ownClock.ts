/**
 * Deadlines as a participant reads them off its own wall clock, which may be wrong.
 *
 * A wake runs on the monotonic clock; who is woken looks at the wall clock again, so that a clock
 * that was set meanwhile is believed anew. When the contract answers that it is too early, the
 * clock is known to be ahead, and the newest block tells how long to wait.
 */
import { DRIFT_PPM_MAX } from '../clocks.ts'
import type { Intent, Moment, TimerEffect } from './actors.ts'
import type { Wallet } from './wallet.ts'

export const NEVER = Number.POSITIVE_INFINITY
const SECOND_MS = 1000
const PPM = 1_000_000
/** Added to what the newest block tells, as others make the next one. */
const TOO_EARLY_MARGIN_MS = 1_000

/** Whether the participant takes a second of the contract as reached. */
export function isReached(seconds: number, now: Moment): boolean {
  return now.wallMs >= seconds * SECOND_MS
}

/** Wakes for the earliest of some seconds that are still ahead; one wake at a time. */
export function wakeFor(
  wakesMs: number,
  seconds: readonly number[],
  now: Moment,
): readonly [wakesMs: number, effects: readonly TimerEffect<'wake'>[]] {
  const { wallMs, monotonicMs } = now
  const ahead = seconds.map((each) => each * SECOND_MS - wallMs).filter((afterMs) => afterMs > 0)
  if (ahead.length === 0) return [wakesMs, []]
  const afterMs = Math.ceil(Math.min(...ahead))
  const isSet = wakesMs > monotonicMs && wakesMs <= monotonicMs + afterMs
  if (isSet) return [wakesMs, []]
  return [monotonicMs + afterMs, [{ kind: 'timer', name: 'wake', afterMs }]]
}

/** Until when (monotonic) a call waits that was refused as too early; 0 when it was not. */
export function heldUntilMs(
  {
    wallet,
    view,
    intent,
    fromSeconds,
  }: {
    readonly wallet: Wallet
    readonly view: { readonly nonce: number; readonly headSeconds: number }
    readonly intent: Intent | null
    /** The second from which on the contract takes the call. */
    readonly fromSeconds: number
  },
  { monotonicMs }: Moment,
): number {
  const isRefused = intent !== null && wallet.key === intent.key && view.nonce > wallet.nonce
  const leftMs = (fromSeconds - view.headSeconds) * SECOND_MS
  if (!isRefused || leftMs <= 0) return 0
  return monotonicMs + leftMs + Math.ceil((leftMs * DRIFT_PPM_MAX) / PPM) + TOO_EARLY_MARGIN_MS
}
