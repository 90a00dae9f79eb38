/**
 * What the summary promises and its mechanism cannot keep: each of these must be refuted in
 * `as-described`, or a run is inconclusive.
 */
import type { ExpectedRefutation } from '../kit/protocol.ts'

const CLAIMS: Readonly<Record<string, string>> = {
  'INV-REFERRER': 'the commission reaches the referrer',
  'INV-THRESHOLD': 'an attendance of 20 % or more releases to the teacher, less refunds',
  'INV-UNION': 'attendance equals presence, in whatever order events arrive',
  'INV-WITHIN-SESSION': 'attendance is presence in the lesson',
  'INV-LENGTH': 'attendance is measured against the length of the session',
  'INV-EVENT-ONCE': 'an event that is delivered twice counts once',
  'INV-WINDOW': 'an event that is delivered late still counts',
  'INV-NO-SHOW': 'a lesson that does not take place is refunded',
  'INV-EXIT': 'a hold is released or refunded within one interval of the keeper',
}

export const attendanceHoldRefutations: readonly ExpectedRefutation[] = Object.entries(CLAIMS).map(
  ([invariant, claim]) => ({ policy: 'as-described', invariant, claim }),
)
