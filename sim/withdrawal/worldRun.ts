/**
 * What one run of the withdrawal world leaves behind: everything that judges, reports and views may
 * ask about it, as data.
 *
 * True times are milliseconds since the start of the world (`…Ms`); times of the contract are Unix
 * seconds (`…Seconds`), and `epochSeconds` maps one to the other. Amounts are bigint base units,
 * those that were paid out in money included.
 */
import type { ExposureSample } from '../world/exposure.ts'
import type { CommonRun, MessageRecord } from '../world/records.ts'
import type { Behaviour } from './behaviour.ts'
import type { Earning, PlannedWithdrawal } from './options.ts'

/** Deliberate mistakes in the world, each of which a claim about the world must catch. */
export interface WorldDefects {
  /** The bank pays as soon as it can, and tells the contract afterwards. */
  readonly bankPaysFirst?: boolean
  /** The bank's order gets another key each time that it is repeated. */
  readonly bankForgetsKeys?: boolean
  /** The bank pays what is written on the session and not what was asked for. */
  readonly bankPaysGross?: boolean
  /** The bank keeps a hundredth of what it is to pay. */
  readonly bankDeductsFee?: boolean
  /** The bank says nothing of what it cannot pay. */
  readonly bankHidesFailures?: boolean
  readonly bankRepeatsReferences?: boolean
  /** After an error the platform pays in once more, beside what it has sent. */
  readonly platformCreditsAgain?: boolean
  readonly teacherNeverCancels?: boolean
  readonly adminsIdle?: boolean
  /** Nobody answers, completes, fails or cancels anything. */
  readonly nobodyEnds?: boolean
  /** Calls are timed by the sender's clock instead of the block's. */
  readonly timesBySenderClock?: boolean
}

/** Money that reached a teacher's bank account. */
export interface Payment {
  readonly atMs: number
  readonly withdrawal: number
  readonly units: bigint
}

/** Accounts of the contract as readers saw them after a block with news. */
export interface Books {
  readonly block: number
  readonly availableUnits: readonly bigint[]
  readonly pendingUnits: readonly bigint[]
  readonly commissionUnits: bigint
  readonly escrowUnits: bigint
}

export type End = 'Completed' | 'Rejected' | 'Failed' | 'Cancelled'

/** The course of one withdrawal in true time; null for never. */
export interface Course extends Omit<PlannedWithdrawal, 'request' | 'atMs'> {
  /** The teacher wanted it, and there was enough on its account. */
  readonly wantedMs: number | null
  readonly requestedMs: number | null
  /** An admin first decided. */
  readonly decidedMs: number | null
  readonly approvedMs: number | null
  readonly approvedBlock: number | null
  /** The bank or, as described, an admin learnt that it cannot be paid. */
  readonly unpayableMs: number | null
  /** The teacher wanted its money back. */
  readonly impatientMs: number | null
  readonly endedMs: number | null
  readonly end: End | null
  /** When a payment of the contract that had been refused was fetched by the bank. */
  readonly claimedMs: number | null
  readonly paidMs: number | null
}

/** How everything stands at the end. */
export interface EndState {
  readonly states: readonly string[]
  readonly availableUnits: readonly bigint[]
  readonly pendingUnits: readonly bigint[]
  readonly commissionUnits: bigint
  readonly escrowUnits: bigint
  readonly claimBankUnits: bigint
  /** Tokens that the bank and the platform got. */
  readonly bankUnits: bigint
  readonly platformUnits: bigint
  readonly creditedUnits: bigint
  readonly nowMs: number
}

export interface WorldRun extends CommonRun {
  readonly protocol: 'withdrawal'
  readonly behaviour: Behaviour
  /** Ground truth: what was really earned, and when. */
  readonly earned: readonly Earning[]
  readonly courses: readonly Course[]
  /** Ground truth: what the bank really paid. */
  readonly payments: readonly Payment[]
  readonly books: readonly Books[]
  readonly healedMs: number
  readonly exposure: readonly ExposureSample[]
  /** Empty unless the run was made with `detail: 'full'`. */
  readonly messages: readonly MessageRecord<ShownMessage>[]
  readonly endState: EndState
}

/** What a message of the sequence diagram shows. */
export interface ShownMessage {
  /** The withdrawal that it speaks of. */
  readonly sequence: number | null
}
