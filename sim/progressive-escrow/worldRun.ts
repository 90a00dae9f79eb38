/**
 * What one run of the progressive-escrow world leaves behind: everything that judges, reports and
 * views may ask about it, as data.
 *
 * True times are milliseconds since the start of the world (`…Ms`); times of the contract are Unix
 * seconds (`…Seconds`), and `epochSeconds` maps one to the other. Amounts are bigint base units.
 */
import type { Span } from '../links.ts'
import type { ExposureSample } from '../world/exposure.ts'
import type { CommonRun, MessageRecord } from '../world/records.ts'
import type { EndReason, Side } from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import type { Bill } from './bill.ts'
import type { Leakage, Outage } from './leakage.ts'

/** Deliberate mistakes in the world, each of which a claim about the world must catch. */
export interface WorldDefects {
  /** Hardened clients send heartbeats whether or not they hear the other side. */
  readonly beatsUnheard?: boolean
  /** Neither keeper nor clients pause a silent session. */
  readonly nobodyPauses?: boolean
  /** Neither student, mentor nor keeper completes a session. */
  readonly nobodyCompletes?: boolean
  /** Nobody claims shares that could not be pushed. */
  readonly nobodyClaims?: boolean
  /** Both sides stay in the call, whatever the chain says. */
  readonly serveOn?: boolean
  /** Calls are billed by the sender's clock instead of the block's. */
  readonly billsBySenderClock?: boolean
}

/** What a message of the sequence diagram shows. */
export interface ShownMessage {
  readonly side: Side
  readonly sequence: number | null
  readonly hears: boolean | null
}

/** How a session ended on the chain. */
export type Ending = 'complete' | 'autoComplete' | 'cancel'

/** When things happened in true time; null for never. */
export interface Milestones {
  readonly createdMs: number | null
  readonly startedMs: number | null
  readonly servedFromMs: number | null
  /** End of the last millisecond of service. */
  readonly servedUntilMs: number | null
  /** When each side was first in the call. */
  readonly presentMs: Readonly<Record<Side, number | null>>
  /** When each side took the session as over. */
  readonly endedMs: Readonly<Record<Side, number | null>>
  /** Why the first of them did. */
  readonly endReason: EndReason | null
  readonly finalMs: number | null
  readonly ending: Ending | null
  readonly refundedMs: number | null
  readonly overMs: number | null
  /** All faults are over from here on. */
  readonly healedMs: number
}

/** How the session stands at the end. */
export interface EndState {
  readonly state: string
  readonly totalUnits: bigint
  readonly paidMentorUnits: bigint
  readonly paidPlatformUnits: bigint
  readonly refundedUnits: bigint
  readonly escrowUnits: bigint
}

/** Delays of this run that the bounds of the claims are made from. */
export interface Lags {
  /** Longest time from the sending of a sign to the block that holds it. */
  readonly signMs: number
  /** Longest way of a greeting from one side to the other. */
  readonly helloMs: number
  /** From each end of a running time to the moment when the first side reads of it, added up. */
  readonly leaveMs: number
  /** From each reorg that undid a call of ours to the moment when the first side reads of it. */
  readonly reorgMs: number
}

export interface WorldRun extends CommonRun {
  readonly protocol: 'progressive-escrow'
  readonly behaviour: Behaviour
  readonly durationSeconds: number
  readonly served: readonly Span[]
  readonly deliveredMs: number
  readonly milestones: Milestones
  readonly lags: Lags
  /** When the time for a release had come. */
  readonly releaseDueMs: readonly number[]
  /** When sides heard each other again in a pause for silence. */
  readonly backMs: Readonly<Record<Side, readonly number[]>>
  readonly bill: Bill
  readonly leakage: Leakage
  readonly outages: readonly Outage[]
  readonly exposure: readonly ExposureSample[]
  /** Empty unless the run was made with `detail: 'full'`. */
  readonly messages: readonly MessageRecord<ShownMessage>[]
  readonly endState: EndState
}
