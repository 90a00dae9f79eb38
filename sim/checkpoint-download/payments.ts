/**
 * The payments of a download: when each fell due, when tokens moved, when that counted.
 *
 * Worked out from the steps of the final chain. What a payment is due for is the checkpoint as the
 * ledger has it; as described the end of the file falls due by being paid.
 */
import type { TransactionRecord, WorldStep } from '../world/records.ts'

export interface PaymentRecord {
  /** Number from 0. */
  readonly checkpoint: number
  readonly dueMs: number
  /** The call that moved tokens, or was said to; null for none. */
  readonly paidMs: number | null
  /** As deep as agreed (hardened), or confirmed by a seeder (as-described). */
  readonly confirmedMs: number | null
  readonly failures: number
  /** Said to be paid, and moved. */
  readonly amountUnits: bigint
  readonly sentUnits: bigint
  readonly reference: bigint | null
  /** Whether a reorg took one of its calls back. */
  readonly isUndone: boolean
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] }

function recordOf(
  { planned, block }: WorldStep,
  transactions: readonly TransactionRecord[],
  participantOf: Readonly<Record<string, string>>,
): TransactionRecord | undefined {
  return transactions.find(
    (each) =>
      each.block === block &&
      each.action === planned.action &&
      (participantOf[each.sender] ?? each.sender) === planned.by,
  )
}

function dueAt(step: WorldStep, checkpoint: number): Mutable<PaymentRecord> {
  return {
    ...{ checkpoint, dueMs: step.includedMs, paidMs: null, confirmedMs: null, failures: 0 },
    ...{ amountUnits: 0n, sentUnits: 0n, reference: null, isUndone: false },
  }
}

/** All payments that fell due, oldest first. */
export function paymentsOf(
  steps: readonly WorldStep[],
  transactions: readonly TransactionRecord[],
  participantOf: Readonly<Record<string, string>>,
): readonly PaymentRecord[] {
  const payments: Mutable<PaymentRecord>[] = []
  let open: Mutable<PaymentRecord> | null = null
  for (const step of steps) {
    const { planned, outcome, edge, includedMs } = step
    if (planned.agreement !== 0 || !outcome.accepted) continue
    const [from, action, to] = edge.split('|')
    if (to === 'WaitingForPayment' && from !== to) {
      open = dueAt(step, payments.length)
      payments.push(open)
    }
    if (open === null || (action !== 'pay' && action !== 'retryPayment' && action !== 'confirm')) {
      continue
    }
    const record = recordOf(step, transactions, participantOf)
    open.isUndone ||= (record?.reorgs ?? 0) > 0
    if (action === 'confirm') {
      open.confirmedMs = includedMs
      open = null
    } else if (to === 'PaymentFailed') open.failures += 1
    else {
      const { amountUnits, sentUnits = amountUnits, reference = null } = planned.args
      open.paidMs = includedMs
      open.amountUnits = amountUnits as bigint
      open.sentUnits = sentUnits as bigint
      open.reference = reference as bigint | null
      if (to === 'Serving') {
        open.confirmedMs = record?.confirmedMs ?? null
        open = null
      }
    }
  }
  return payments
}
