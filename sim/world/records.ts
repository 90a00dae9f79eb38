/**
 * What every world leaves behind, whatever its protocol: steps, transactions, messages, counts.
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
  readonly sender: string
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

/**
 * A message of the sequence diagram, with whatever the protocol shows of it. Copies of one message
 * are entries of their own.
 */
export type MessageRecord<Shown> = Shown & {
  readonly from: string
  readonly to: string
  readonly kind: string
  readonly sentMs: number
  readonly arrivedMs: number | null
  readonly lost: LossReason | null
}

/** How a run came about. */
export interface RunHead {
  readonly policy: Policy
  readonly parameters: Parameters
  readonly regime: RegimeName | 'custom'
  readonly seed: number
  readonly run: number
  readonly profile: ChainProfile
  readonly chainKind: 'model' | 'anvil'
  readonly epochSeconds: number
  readonly faults: FaultPlan
}

/** What every run of a world says; a protocol's run extends it. */
export interface CommonRun extends RunHead {
  readonly agreements: readonly Agreement[]
  /** Clocks of the participants whom faults of clocks may hit. */
  readonly clocks: Readonly<Record<string, ClockSpec>>
  readonly steps: readonly WorldStep[]
  readonly transactions: readonly TransactionRecord[]
  readonly messageCount: number
  readonly blockCount: number
  readonly eventCount: number
  /** Fingerprint of the whole run and of every message. */
  readonly hash: string
}
