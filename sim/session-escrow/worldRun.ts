/**
 * What one run of the session-escrow world leaves behind: everything that judges, reports and views
 * may ask about it, as data.
 *
 * True times are milliseconds since the start of the world (`…Ms`); times of the contract are Unix
 * seconds (`…Seconds`), and `epochSeconds` maps one to the other. Amounts are bigint base units.
 */
import type { Span } from '../links.ts'
import type { ExposureSample } from '../world/exposure.ts'
import type { Leakage } from '../world/leakage.ts'
import type { CommonRun, MessageRecord } from '../world/records.ts'
import type { Actor, Side, StopReason } from './actors.ts'
import type { Behaviour } from './behaviour.ts'

/** Deliberate mistakes in the world, each of which a claim about the world must catch. */
export interface WorldDefects {
  /** The heartbeat service never notices that this side is silent. */
  readonly serviceForgets?: Side
  /** The relayer sends each request once. */
  readonly relayerNeverRetries?: boolean
  /** This side signs what another's clock reads. */
  readonly signsByClockOf?: { readonly side: Side; readonly clockOf: Actor }
  /** Calls are billed by the sender's clock instead of the block's. */
  readonly billsBySenderClock?: boolean
  /** No party and no relayer ever asks for the settlement of a session that has stopped. */
  readonly nobodySettles?: boolean
}

/** What a message of the sequence diagram shows. */
export interface ShownMessage {
  readonly side: Side | null
  readonly sequence: number | null
  readonly pingKind: string | null
}

/** When things happened in true time; null for never. */
export interface Milestones {
  readonly startedMs: number | null
  readonly servedFromMs: number | null
  /** End of the last millisecond of service. */
  readonly servedUntilMs: number | null
  /** When each client took the call as over. */
  readonly endedMs: Readonly<Record<Side, number | null>>
  /** When each client first read that the session runs. */
  readonly sawStartMs: Readonly<Record<Side, number | null>>
  readonly detectedMs: number | null
  readonly detectedBy: string | null
  readonly commandedMs: number | null
  readonly stopReason: StopReason | null
  readonly stopSubmittedMs: number | null
  readonly stopIncludedMs: number | null
  readonly stopConfirmedMs: number | null
  readonly tutorSawStopMs: number | null
  readonly settledMs: number | null
  readonly refundedMs: number | null
  readonly overMs: number | null
  /** All faults are over from here on. */
  readonly healedMs: number
}

export interface PingRecord {
  readonly signedMs: number
  readonly sequence: number
  readonly atSeconds: number
}

/** How the session stands at the end. */
export interface EndState {
  readonly state: string
  readonly depositUnits: bigint
  readonly startedAtSeconds: number
  readonly stoppedAtSeconds: number
  readonly billedSeconds: number
  readonly paidTutorUnits: bigint
  readonly paidPlatformUnits: bigint
  readonly refundedUnits: bigint
  readonly escrowUnits: bigint
}

export interface WorldRun extends CommonRun {
  readonly protocol: 'session-escrow'
  readonly behaviour: Behaviour
  readonly served: readonly Span[]
  readonly deliveredMs: number
  readonly pings: Readonly<Record<Side, readonly PingRecord[]>>
  /** Arrivals of new genuine pings at the heartbeat service. */
  readonly heardMs: Readonly<Record<Side, readonly number[]>>
  /** Longest way of a ping from one side to the other. */
  readonly pingTransitMsMax: number
  readonly milestones: Milestones
  readonly leakage: Leakage
  readonly exposure: readonly ExposureSample[]
  /** Empty unless the run was made with `detail: 'full'`. */
  readonly messages: readonly MessageRecord<ShownMessage>[]
  readonly endState: EndState
}
