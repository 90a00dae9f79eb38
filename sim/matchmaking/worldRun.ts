/**
 * What one run of the matchmaking world leaves behind: everything that judges, reports and views
 * may ask about it, as data.
 *
 * True times are milliseconds since the start of the world (`…Ms`); times of the contract are Unix
 * seconds (`…Seconds`), and `epochSeconds` maps one to the other. Amounts are bigint base units.
 */
import type { Span } from '../links.ts'
import type { ExposureSample } from '../world/exposure.ts'
import type { CommonRun, MessageRecord } from '../world/records.ts'
import type { Quote } from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import type { PlannedRequest } from './options.ts'

/** Deliberate mistakes in the world, each of which a claim about the world must catch. */
export interface WorldDefects {
  /** The matchmaker asks nobody what they speak, know and are certified for. */
  readonly matchmakerForgetsFilters?: boolean
  readonly matchmakerForgetsRates?: boolean
  readonly matchmakerNeverLapses?: boolean
  readonly matchmakerNeverReleases?: boolean
  /** After one tutor nobody else is proposed. */
  readonly matchmakerAsksOnce?: boolean
  readonly matchmakerForgetsTheList?: boolean
  readonly matchmakerForgetsBookings?: boolean
  readonly studentLooksAtNoBalance?: boolean
  readonly studentBringsNoQuote?: boolean
  readonly studentNeverCancels?: boolean
  /** The tutor's app signs what the student would pay at most. */
  readonly tutorSignsTheMaximum?: boolean
  readonly nobodyReportsEnds?: boolean
  /** Calls are timed by the sender's clock instead of the block's. */
  readonly timesBySenderClock?: boolean
}

/** A time in which a request is in one state; null: until the run was over. */
export interface Stay {
  readonly state: string
  readonly fromMs: number
  readonly untilMs: number | null
  /** What ended it. */
  readonly by: string | null
  /** Whom it is about; −1 for nobody. */
  readonly tutor: number
  /** Proposals of the present search, and which wish of the student it belongs to. */
  readonly attempt: number
  readonly search: number
}

/** An acceptance as it was included. */
export interface Acceptance {
  readonly atMs: number
  readonly tutor: number
  readonly rateUnits: bigint
  /** Null as described, where nothing is signed. */
  readonly expirySeconds: number | null
  readonly nonce: bigint
}

/** A deposit: an acceptance that was consumed. */
export interface Deposit {
  readonly atMs: number
  readonly student: string
  readonly rateUnits: bigint
  /** What the student's cap was then, all of which is deposited. */
  readonly units: bigint
}

export type End = 'Completed' | 'Expired' | 'Cancelled'

/** The course of one request in true time; null for never. */
export interface Course extends Omit<PlannedRequest, 'request'> {
  readonly wantedMs: number | null
  /** The student saw that it could not pay. */
  readonly unfundedMs: number | null
  readonly requestedMs: number | null
  readonly stays: readonly Stay[]
  readonly acceptances: readonly Acceptance[]
  readonly deposits: readonly Deposit[]
  /** Reports of the end, as the contract took them. */
  readonly reports: readonly { readonly atMs: number; readonly billedSeconds: number }[]
  readonly bookedForMs: number | null
  /** Ratings that were taken, in order. */
  readonly ratings: readonly { readonly by: string; readonly score: number }[]
  /** Credentials that were minted, and who has the newest. */
  readonly credentials: number
  readonly holder: string | null
  readonly impatientMs: number | null
  readonly endedMs: number | null
  readonly end: End | null
}

/** A tutor's own word: the rate that it wants, and what it signed. */
export interface Offer {
  readonly atMs: number
  readonly request: number
  readonly ownRateUnits: bigint
  readonly quote: Quote
}

/** How everything stands at the end. */
export interface EndState {
  readonly states: readonly string[]
  readonly billedSeconds: number
  readonly credentials: number
  readonly nowMs: number
}

export interface WorldRun extends CommonRun {
  readonly protocol: 'matchmaking'
  readonly behaviour: Behaviour
  /** Ground truth: what each tutor is listed at. */
  readonly listedRateUnits: readonly bigint[]
  readonly courses: readonly Course[]
  readonly offers: readonly Offer[]
  /** By tutor: when it took students; the last may reach beyond the end. */
  readonly online: readonly (readonly Span[])[]
  readonly healedMs: number
  readonly exposure: readonly ExposureSample[]
  /** Empty unless the run was made with `detail: 'full'`. */
  readonly messages: readonly MessageRecord<ShownMessage>[]
  readonly endState: EndState
}

/** What a message of the sequence diagram shows. */
export interface ShownMessage {
  /** The request that it speaks of. */
  readonly sequence: number | null
}
