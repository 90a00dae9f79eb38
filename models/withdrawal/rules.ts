/**
 * The arithmetic of withdrawal: commission, what an approval deducts, the bank's time.
 *
 * The machine calls these from its guards and actions. The oracle must not: it judges from the
 * outside, with formulas of its own.
 */
import { minBig, splitByBps } from '../kit/money.ts'
import type { WithdrawalContext } from './machineTypes.ts'

/** A credit in its parts. The commission rounds down, the teacher takes the rest. */
export function creditParts({ commissionBps }: WithdrawalContext, grossUnits: bigint) {
  const [commissionUnits, netUnits] = splitByBps(grossUnits, [commissionBps]) as [bigint, bigint]
  return { commissionUnits, netUnits }
}

/** as-described: what an approval takes off the balance, which does not fall below zero. */
export function deductedUnits(context: WithdrawalContext, availableUnits: bigint): bigint {
  return minBig(context.amountUnits, availableUnits)
}

/** First second in which the teacher may take an approved withdrawal back. */
export function bankTimeEndsAtSeconds(context: WithdrawalContext): number {
  return context.approvedAtSeconds + context.processingTimeoutSeconds
}
