/**
 * What one run of the session-escrow world leaves behind: everything that judges, reports and views
 * may ask about it, as data.
 *
 * True times are milliseconds since the start of the world (`…Ms`); times of the contract are Unix
 * seconds (`…Seconds`), and `epochSeconds` maps one to the other. Amounts are bigint base units.
 */
import type {
  Agreement,
  Outcome,
  Parameters,
  PlannedStep,
  Policy,
  Transfer,
} from '../../models/kit/trace.ts'
import type { ChainProfile } from '../chain/modelProfiles.ts'
import type { ClockSpec } from '../clocks.ts'
import type { FaultPlan } from '../faults/fault.ts'
import type { RegimeName } from '../faults/regimes.ts'
import type { Span } from '../links.ts'
import type { Actor, Side, StopReason } from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import type { ExposureSample } from './exposure.ts'
import type { Leakage } from './leakage.ts'

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

/** A step of the schedule, with what became of it. */
export interface WorldStep {
  readonly planned: PlannedStep
  /** Number of the block; blocks of equal timestamp differ in it. */
  readonly block: number
  readonly edge: string
  /** What the lifecycle machine says must happen. */
  readonly outcome: Outcome
  readonly transfers: readonly Transfer[]
  readonly includedMs: number
}

/** One transaction (sender and nonce) over all its requests. */
export interface TransactionRecord {
  readonly sender: Actor
  readonly nonce: number
  readonly action: string
  readonly submittedMs: number
  readonly includedMs: number | null
  readonly confirmedMs: number | null
  readonly block: number | null
  readonly requests: number
  readonly failures: number
  /** Times that a reorg took it out of the chain again. */
  readonly reorgs: number
  readonly baseFeeWei: bigint
  readonly tipWei: bigint
  readonly accepted: boolean | null
  readonly error: string | null
}

export type LossReason = 'link-down' | 'loss' | 'heartbeat-loss' | 'crash'

/** A message of the sequence diagram. Copies of one message are entries of their own. */
export interface MessageRecord {
  readonly from: Actor
  readonly to: Actor
  readonly kind: 'ping' | 'bye' | 'command'
  readonly side: Side | null
  readonly sequence: number | null
  readonly pingKind: string | null
  readonly sentMs: number
  readonly arrivedMs: number | null
  readonly lost: LossReason | null
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
  readonly detectedBy: Actor | null
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

export interface WorldRun {
  readonly protocol: 'session-escrow'
  readonly policy: Policy
  readonly parameters: Parameters
  readonly regime: RegimeName | 'custom'
  readonly profile: ChainProfile
  readonly chainKind: 'model' | 'anvil'
  readonly seed: number
  readonly run: number
  readonly epochSeconds: number
  readonly faults: FaultPlan
  readonly behaviour: Behaviour
  readonly agreements: readonly Agreement[]
  readonly clocks: Readonly<Partial<Record<Actor, ClockSpec>>>
  readonly steps: readonly WorldStep[]
  readonly transactions: readonly TransactionRecord[]
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
  readonly messages: readonly MessageRecord[]
  readonly messageCount: number
  readonly blockCount: number
  readonly eventCount: number
  readonly endState: EndState
  /** Fingerprint of all of the above and of every message. */
  readonly hash: string
}
