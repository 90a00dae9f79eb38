/**
 * What one run of the token-job world leaves behind: everything that judges, reports and views may
 * ask about it, as data.
 *
 * True times are milliseconds since the start of the world (`…Ms`); times of the contract are Unix
 * seconds (`…Seconds`), and `epochSeconds` maps one to the other. Amounts are bigint base units,
 * tokens are counted cumulatively from the start of the job.
 */
import type { Span } from '../links.ts'
import type { ExposureSample } from '../world/exposure.ts'
import type { CommonRun, MessageRecord } from '../world/records.ts'
import type { DiscoveryOutcome, LeaveReason } from './actors.ts'
import type { Behaviour } from './behaviour.ts'

/** Deliberate mistakes in the world, each of which a claim about the world must catch. */
export interface WorldDefects {
  /** The user's client signs for what the host says it delivered. */
  readonly userSignsClaims?: boolean
  /** The user's client signs for so many tokens that it has not received yet. */
  readonly userSignsAheadTokens?: number
  readonly hostStreamsPastDeposit?: boolean
  readonly hostStreamsWithoutReceipts?: boolean
  readonly hostNeverProves?: boolean
  /** Neither party asks for the end, and nobody times the job out. */
  readonly nobodyEnds?: boolean
  /** Calls are timed by the sender's clock instead of the block's. */
  readonly timesBySenderClock?: boolean
}

/** A cumulative number of tokens that was reached at some time. */
export interface Count {
  readonly signedMs: number
  readonly tokens: number
}

export interface PromptRecord {
  readonly promptedMs: number
  readonly firstTokenMs: number | null
  readonly answeredMs: number | null
}

/** A number of tokens for which the host had reason to submit a proof. */
export interface DueProof {
  readonly dueMs: number
  readonly tokens: number
  /** Null for never. */
  readonly includedMs: number | null
}

export interface Discovery {
  readonly outcome: DiscoveryOutcome | null
  readonly attempts: number
  readonly endedMs: number | null
}

/** When things happened in true time; null for never. */
export interface Milestones {
  readonly createdMs: number | null
  readonly userLeftMs: number | null
  readonly userReason: LeaveReason | null
  readonly hostLeftMs: number | null
  readonly hostReason: LeaveReason | null
  /** The first wish to end that was sent to the chain. */
  readonly endAskedMs: number | null
  /** hardened: the block in which the window for a last proof opened. */
  readonly endingMs: number | null
  readonly settledMs: number | null
  readonly settleConfirmedMs: number | null
  /** The last payment out of the contract. */
  readonly overMs: number | null
  /** All faults are over from here on. */
  readonly healedMs: number
}

/** How the job stands at the end. */
export interface EndState {
  readonly state: string
  readonly depositUnits: bigint
  readonly provenTokens: number
  readonly billedTokens: number
  readonly startedAtSeconds: number
  readonly endsAtSeconds: number
  /** Host's and treasury's shares of the bill, as the contract has them. */
  readonly hostUnits: bigint
  readonly treasuryUnits: bigint
  /** What they have fetched of it, and what lies on their accounts. */
  readonly paidHostUnits: bigint
  readonly paidTreasuryUnits: bigint
  readonly earningsUnits: bigint
  readonly treasuryAccountUnits: bigint
  readonly refundedUnits: bigint
  readonly claimUserUnits: bigint
  readonly escrowUnits: bigint
}

/** Balances after a step that changed one, in base units. */
export interface BalanceSample {
  readonly atMs: number
  /** Change of the user's wallet since the start. */
  readonly userUnits: bigint
  readonly hostWalletUnits: bigint
  readonly hostAccountUnits: bigint
  readonly treasuryWalletUnits: bigint
  readonly treasuryAccountUnits: bigint
  readonly escrowUnits: bigint
}

export interface WorldRun extends CommonRun {
  readonly protocol: 'token-job'
  readonly behaviour: Behaviour
  readonly priceUnits: bigint
  readonly affordableTokens: number
  readonly discovery: Discovery
  readonly prompts: readonly PromptRecord[]
  /** Ground truth: when answers arrived, from the first token of each to its newest. */
  readonly served: readonly Span[]
  /** Ground truth: what had reached the user when. */
  readonly received: readonly Count[]
  readonly deliveredTokens: number
  readonly sentTokens: number
  /** When the host sent its last piece. */
  readonly lastSentMs: number | null
  /** Receipts: when the user signed them, and when the host held them. */
  readonly signed: readonly Count[]
  readonly held: readonly Count[]
  readonly dueProofs: readonly DueProof[]
  /** Most by which the host ever saw more proven than a reorg left of it. */
  readonly undoneTokens: number
  readonly milestones: Milestones
  readonly balances: readonly BalanceSample[]
  readonly exposure: readonly ExposureSample[]
  /** Empty unless the run was made with `detail: 'full'`. */
  readonly messages: readonly MessageRecord<ShownMessage>[]
  readonly endState: EndState
}

/** What a message of the sequence diagram shows. */
export interface ShownMessage {
  /** Tokens that it speaks of, or number of the try. */
  readonly sequence: number | null
}
