/**
 * What one run of the attendance-hold world leaves behind: everything that judges, reports and
 * views may ask about it, as data.
 *
 * True times are milliseconds since the start of the world (`…Ms`); times of the contract are Unix
 * seconds (`…Seconds`), and `epochSeconds` maps one to the other. Amounts are bigint base units.
 */
import type { CallEvent } from '../../models/attendance-hold/attendanceReducer.ts'
import type { Span } from '../links.ts'
import type { ExposureSample } from '../world/exposure.ts'
import type { CommonRun, MessageRecord } from '../world/records.ts'
import type { Attested } from './actors.ts'
import type { Behaviour } from './behaviour.ts'

/** Deliberate mistakes in the world, each of which a claim about the world must catch. */
export interface WorldDefects {
  /** The attestor does not look at signatures of webhooks. */
  readonly attestorTakesForged?: boolean
  /** It signs as soon as the session is finished, whatever may still come. */
  readonly attestorWaitsForNothing?: boolean
  /** It finishes sessions and forgets their records. */
  readonly attestorRecordsNothing?: boolean
  /** It counts a student who waits alone. */
  readonly attestorCountsStudentAlone?: boolean
  /** The room never takes a client for gone whose line is silent. */
  readonly roomHearsNoSilence?: boolean
  /** The keepers make their rounds and do nothing. */
  readonly keepersIdle?: boolean
  /** Neither side does anything alone. */
  readonly nobodyHelpsThemselves?: boolean
  /** Calls are timed by the sender's clock instead of the block's. */
  readonly timesBySenderClock?: boolean
}

/** An event that the room noticed, and what became of its webhook. */
export interface NoticedEvent extends CallEvent {
  readonly noticedMs: number
  /** Never sent. */
  readonly isLost: boolean
  /** When it first reached the attestor; null for never. */
  readonly arrivedMs: number | null
  readonly arrivals: number
}

/** What the attestor had signed from a time on. */
export interface SignedSince extends Attested {
  readonly atMs: number
}

/** How a hold was resolved: processed either way, or refunded as nobody had finished it. */
export type Resolution = 'release' | 'refund' | 'unfinished'

/** When things happened in true time; null for never. */
export interface Milestones {
  readonly purchasedMs: number | null
  /** The student was in the room for the first time. */
  readonly cameMs: number | null
  /** The room was closed: the lesson was over. */
  readonly closedMs: number | null
  /** The attestor heard of that. */
  readonly finishToldMs: number | null
  /** Block in which the session was finished, and the last one with a record. */
  readonly finishedMs: number | null
  readonly recordedMs: number | null
  readonly resolvedMs: number | null
  readonly resolution: Resolution | null
  /** The last payment out of the contract. */
  readonly overMs: number | null
  /** All faults are over from here on. */
  readonly healedMs: number
}

/** How the hold stands at the end; what somebody got includes what waits to be claimed. */
export interface EndState {
  readonly state: string
  readonly heldUnits: bigint
  readonly attendedSeconds: number
  readonly intervals: number
  readonly lengthSeconds: number
  readonly finishedAtSeconds: number
  readonly studentUnits: bigint
  readonly teacherUnits: bigint
  readonly referrerUnits: bigint
  readonly platformUnits: bigint
  readonly unclaimedUnits: bigint
  readonly escrowUnits: bigint
}

export interface WorldRun extends CommonRun {
  readonly protocol: 'attendance-hold'
  readonly behaviour: Behaviour
  readonly priceUnits: bigint
  readonly startsAtSeconds: number
  /** The booked start in true time. */
  readonly startMs: number
  /** Ground truth: who was really in the room. */
  readonly presence: Readonly<Record<'student' | 'teacher', readonly Span[]>>
  /** Ground truth: both were. */
  readonly served: readonly Span[]
  readonly deliveredMs: number
  /** In the order in which the room noticed them. */
  readonly events: readonly NoticedEvent[]
  /** Webhooks that reached the attestor and were not the call platform's. */
  readonly forgedCount: number
  readonly signed: readonly SignedSince[]
  readonly milestones: Milestones
  readonly exposure: readonly ExposureSample[]
  /** Empty unless the run was made with `detail: 'full'`. */
  readonly messages: readonly MessageRecord<ShownMessage>[]
  readonly endState: EndState
}

/** What a message of the sequence diagram shows. */
export interface ShownMessage {
  /** Number of the word, or seconds of the event since the booked start. */
  readonly sequence: number | null
}
