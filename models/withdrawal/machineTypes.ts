/**
 * Context and events of the withdrawal machine.
 *
 * Everything that the machine cannot know (block time, whether a token moves, what the accounts of
 * teacher and platform hold, whether another withdrawal has used a reference) is a fact inside the
 * event; that keeps it pure.
 */
import type { TransferInResult } from '../kit/token.ts'

export type WithdrawalRole = 'teacher' | 'admin' | 'bank' | 'platform' | 'stranger'

export interface WithdrawalInput {
  /** Kind of the withdrawal's token. */
  readonly token: string
  /** What the terms ask for; it is the withdrawal's from the request on. */
  readonly termsAmountUnits: bigint
  readonly minimumUnits: bigint
  readonly processingTimeoutSeconds: number
  readonly commissionBps: bigint
}

export interface WithdrawalContext extends WithdrawalInput {
  readonly amountUnits: bigint
  readonly requestedAtSeconds: number
  readonly approvedAtSeconds: number
  /** What the bank calls its payment; 0 before. */
  readonly reference: bigint
  /** A payment that could not be pushed, in base units. */
  readonly claimBankUnits: bigint
}

export type WithdrawalAction =
  | 'credit'
  | 'request'
  | 'approve'
  | 'complete'
  | 'reject'
  | 'bankFailed'
  | 'cancel'
  | 'withdrawCommission'
  | 'claim'

export interface WithdrawalEvent {
  readonly type: WithdrawalAction
  readonly by: WithdrawalRole
  readonly atSeconds: number
  /** credit: what is paid in, in base units, and what becomes of the transfer. */
  readonly grossUnits?: bigint
  readonly transferIn?: TransferInResult
  /** request, approve: what the teacher has available over all withdrawals, in base units. */
  readonly availableUnits?: bigint
  /** complete: what the bank calls its payment, and whether it has completed another with it. */
  readonly reference?: bigint
  readonly referenceIsUsed?: boolean
  /** complete: whether the token pays the bank, out of what the contract holds. */
  readonly paysBank?: boolean
  /** withdrawCommission: what the platform has on account, in base units. */
  readonly onAccountUnits?: bigint
  /** withdrawCommission, claim: where to, and whether the token pays that address. */
  readonly payTo?: { readonly holder: string; readonly valid: boolean; readonly paid: boolean }
}
