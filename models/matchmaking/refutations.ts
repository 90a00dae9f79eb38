/**
 * What the note promises and its mechanism cannot keep: each of these must be refuted in
 * `as-described`, or a run is inconclusive.
 */
import type { ExpectedRefutation } from '../kit/protocol.ts'

const CLAIMS: Readonly<Record<string, string>> = {
  'INV-ONE-STUDENT': 'a tutor is never bound to two students',
  'INV-TTL': 'no tutor stays reserved past the ttl',
  'INV-DEPOSIT-WINDOW': 'no tutor stays reserved past the deposit window',
  'INV-ATTEMPTS': 'at most N attempts',
  'INV-RATE-LOCKED': 'the student pays at most the rate accepted',
  'INV-QUOTE-ONCE': 'an acceptance is used once',
  'INV-CREDENTIAL-ONCE': 'a credential is minted once per session',
  'INV-CREDENTIAL-EARNED': 'a credential stands for a minimum of billed time',
  'INV-SOULBOUND': 'a credential cannot be transferred',
  'INV-RATING-ONCE': 'one rating per participant',
  'INV-EXIT': 'nobody waits for longer than a timer',
}

export const matchmakingRefutations: readonly ExpectedRefutation[] = Object.entries(CLAIMS).map(
  ([invariant, claim]) => ({ policy: 'as-described', invariant, claim }),
)
