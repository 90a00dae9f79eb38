/**
 * Who takes part in the world of withdrawal, what they say to each other, what they see of the
 * chain and what they tell the record; the shapes are the kit's.
 *
 * The bank is two: `bank` is its desk, which has an account on the chain, and `rail` is what moves
 * money between accounts in the world outside, which no contract sees.
 */
import type { FaultTargets } from '../faults/targets.ts'
import type {
  Effect as AnyEffect,
  Input as AnyInput,
  Intent as AnyIntent,
  Step as AnyStep,
} from '../world/actors.ts'
import type { ChainView } from '../world/chainSide.ts'

export const TEACHERS = ['teacher0', 'teacher1'] as const
export type Teacher = (typeof TEACHERS)[number]
export const ADMINS = ['admin0', 'admin1'] as const
export type Admin = (typeof ADMINS)[number]
export const ACTORS = ['platform', ...TEACHERS, ...ADMINS, 'bank', 'rail', 'stranger'] as const
export type Actor = (typeof ACTORS)[number]

/** Whom faults may hit. The stranger's node may fail, but no regime draws anything for it. */
export const WITHDRAWAL_TARGETS: FaultTargets = {
  // Teachers and admins sit at devices of their own, the others stand in data centres.
  access: [...TEACHERS, ...ADMINS],
  clocked: ['platform', ...TEACHERS, ...ADMINS, 'bank', 'rail'],
  senders: ['platform', ...TEACHERS, ...ADMINS, 'bank'],
  heartbeats: [],
  keepers: ['platform', 'bank'],
  guests: ['stranger'],
}

export type Message =
  /** Can this withdrawal be paid out? */
  | { readonly kind: 'check'; readonly withdrawal: number }
  | { readonly kind: 'checked'; readonly withdrawal: number; readonly isPayable: boolean }
  /**
   * Pay. Who says so under a key is paid for once under that key, however often it says so; without
   * a key each order is another payment.
   */
  | {
      readonly kind: 'transfer'
      readonly withdrawal: number
      readonly units: bigint
      readonly key: number | null
      readonly from: Actor
    }
  | {
      readonly kind: 'settled'
      readonly withdrawal: number
      readonly key: number | null
      readonly reference: bigint
    }
  /** The money came back: nothing was paid. */
  | { readonly kind: 'returned'; readonly withdrawal: number; readonly key: number | null }

/** One withdrawal as every reader of the chain sees it. */
export interface Item {
  readonly state: string
  readonly approvedAtSeconds: number
  readonly claimBankUnits: bigint
}

/** All withdrawals and accounts as every reader of the chain sees them after some block. */
export interface WithdrawalReading {
  readonly items: readonly Item[]
  /** By teacher. */
  readonly availableUnits: readonly bigint[]
  readonly pendingUnits: readonly bigint[]
  readonly commissionUnits: bigint
  readonly escrowUnits: bigint
}
export type WithdrawalView = ChainView<WithdrawalReading>

export type TimerName = 'begin' | 'work' | 'wake' | 'wallet'

export type Input = AnyInput<Message, WithdrawalView, TimerName>

export type Action =
  | 'credit'
  | 'request'
  | 'approve'
  | 'complete'
  | 'reject'
  | 'bankFailed'
  | 'cancel'
  | 'withdrawCommission'
  | 'claim'
export type Intent = AnyIntent<Action>

/** What only a participant knows, for the record and the ground truth. */
export type Mark =
  /** The platform owes a teacher so much for a session, before its commission. */
  | { readonly kind: 'earned'; readonly teacher: number; readonly grossUnits: bigint }
  /** The teacher wants the money, and there is enough of it on its account. */
  | { readonly kind: 'wanted'; readonly withdrawal: number }
  /** The teacher has waited for long enough and wants its money back. */
  | { readonly kind: 'impatient'; readonly withdrawal: number }
  | { readonly kind: 'decided'; readonly withdrawal: number }
  /** Money has reached the teacher's bank account. */
  | { readonly kind: 'paid'; readonly withdrawal: number; readonly units: bigint }

export type Effect = AnyEffect<Message, Mark, Actor, TimerName>
export type Effects = readonly Effect[]
export type Step<State> = AnyStep<State, Effect>

export function isOpen({ state }: Item): boolean {
  return state === 'Pending' || state === 'Processing'
}

/** Ends after which the money is on the teacher's account again. */
export const VOID_STATES: readonly string[] = ['Rejected', 'Failed', 'Cancelled']
