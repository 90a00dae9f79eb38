/**
 * What one journey leaves behind, as data: the run as a whole, and what the worlds of
 * session-escrow and withdrawal would have recorded of their parts, so that their own claims can be
 * judged.
 *
 * True times are milliseconds since the start of the world (`…Ms`), times of the contracts Unix
 * seconds (`…Seconds`); amounts are bigint base units.
 */
import type { Span } from '../links.ts'
import type { WorldRun as CallRun } from '../session-escrow/worldRun.ts'
import type { WorldRun as PayoutRun } from '../withdrawal/worldRun.ts'
import type { CommonRun, MessageRecord } from '../world/records.ts'
import type { Behaviour } from './behaviour.ts'

/** What a message of the sequence diagram shows. */
export interface ShownMessage {
  readonly side: string | null
  readonly sequence: number | null
}

/** When things happened in true time; null for never. */
export interface Milestones {
  readonly requestedMs: number | null
  readonly acceptedMs: number | null
  readonly matchedMs: number | null
  readonly startedMs: number | null
  readonly servedFromMs: number | null
  readonly servedUntilMs: number | null
  readonly dropMs: number
  readonly detectedMs: number | null
  readonly settledMs: number | null
  /** Both have rated. */
  readonly ratedMs: number | null
  readonly askedMs: number | null
  readonly completedMs: number | null
  /** Money has reached the tutor's bank account. */
  readonly paidMs: number | null
  readonly healedMs: number
}

/** How far a journey got. */
export const STAGES = ['unmatched', 'matched', 'called', 'settled', 'asked', 'paid'] as const
export type Stage = (typeof STAGES)[number]

export interface JourneyRun extends CommonRun {
  readonly protocol: 'end-to-end'
  readonly behaviour: Behaviour
  readonly milestones: Milestones
  readonly stage: Stage
  readonly served: readonly Span[]
  readonly call: CallRun
  readonly payout: PayoutRun
  /** What the tutor asked for; 0 when it did not. */
  readonly askedUnits: bigint
  /** Empty unless the run was made with `detail: 'full'`. */
  readonly messages: readonly MessageRecord<ShownMessage>[]
}
